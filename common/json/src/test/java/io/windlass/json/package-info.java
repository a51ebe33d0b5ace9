@NullMarked
package io.windlass.json;

import org.jspecify.annotations.NullMarked;
