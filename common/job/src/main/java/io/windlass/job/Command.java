package io.windlass.job;

import java.time.Duration;

/**
 * What is to be done in the cluster; done outside transactions, and again if nobody knows whether
 * it was.
 */
public sealed interface Command {
    record Create() implements Command {}

    record TakeLook() implements Command {}

    /** Foreground, by uid: the right object dies, or none. */
    record Delete(String uid) implements Command {}

    /**
     * An ended Job at once, by uid; its pods, ended as well, are left to the cluster's collector.
     */
    record Remove(String uid) implements Command {}

    /** A second Job of ours under the same name: not the row's, so nobody waits for it. */
    record DeleteStray(String uid) implements Command {}

    /** It stays, suspended and without pods, so that its name stays taken. */
    record Retire(String uid) implements Command {}

    /** Pods of an ended job: none of them is given a longer grace than this. */
    record EndPods(String uid, Duration grace) implements Command {}

    /** A suspended Job takes the name, so that a POST that is still on its way finds it taken. */
    record Occupy() implements Command {}
}
