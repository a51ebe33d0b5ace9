@NullMarked
package io.windlass.objects;

import org.jspecify.annotations.NullMarked;
