/** The only SQL but the migrations. Every write of state is a compare-and-set on the version. */
@NullMarked
package io.windlass.store;

import org.jspecify.annotations.NullMarked;
