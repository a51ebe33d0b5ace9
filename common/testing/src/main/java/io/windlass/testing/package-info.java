/** What tests stand on: a real database, a real queue, a real cluster where there is one. */
@NullMarked
package io.windlass.testing;

import org.jspecify.annotations.NullMarked;
