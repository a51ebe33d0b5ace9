@NullMarked
package io.windlass.architecture;

import org.jspecify.annotations.NullMarked;
