/**
 * Seeded runs of the real decisions, admission, sweep and handlers under faults: one thread,
 * virtual time, in-memory store, queue and cluster.
 */
@NullMarked
package io.windlass.simulator;

import org.jspecify.annotations.NullMarked;
