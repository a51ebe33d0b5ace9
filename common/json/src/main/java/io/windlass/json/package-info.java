/**
 * JSON as trees of JDK types: {@code Map}, {@code List}, {@code String}, {@code BigDecimal}, {@code
 * Boolean}, null.
 */
@NullMarked
package io.windlass.json;

import org.jspecify.annotations.NullMarked;
