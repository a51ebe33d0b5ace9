/**
 * Runs load against all services as processes, and something plain beside it, and keeps the
 * figures.
 */
@NullUnmarked
package io.windlass.benchmarks;

import org.jspecify.annotations.NullUnmarked;
