@NullMarked
package io.windlass.standalone;

import org.jspecify.annotations.NullMarked;
