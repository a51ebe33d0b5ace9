package io.windlass.simulator;

import java.time.Duration;

/**
 * A node that may stay away: its kubelet does nothing any more, and nobody else knows what became
 * of its pods. Only what has a deadline is placed there, since nothing else would ever end it.
 */
final class FarNode {
    static final String NAME = "node-far";

    /** After this long its pods are deleted, and stay. */
    static final Duration TOLERATED = Duration.ofMinutes(5);

    private boolean takes;
    private boolean away;

    void opens() {
        takes = true;
    }

    void goes() {
        takes = false;
        away = true;
    }

    void comesBack() {
        away = false;
    }

    String nodeFor(Script script) {
        return takes && script.deadline().isPresent() ? NAME : "node-1";
    }

    boolean has(MemoryPod pod) {
        return NAME.equals(pod.node);
    }

    boolean holds(MemoryPod pod) {
        return away && has(pod);
    }
}
