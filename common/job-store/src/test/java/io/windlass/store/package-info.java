@NullMarked
package io.windlass.store;

import org.jspecify.annotations.NullMarked;
