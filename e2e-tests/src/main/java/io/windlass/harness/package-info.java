/**
 * All services as processes on real things, and the means to watch and to disturb them. As in
 * tests, nulls are not annotated here: what should be there and is not fails the test.
 */
@NullUnmarked
package io.windlass.harness;

import org.jspecify.annotations.NullUnmarked;
