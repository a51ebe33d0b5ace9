package io.windlass.simulator;

import io.windlass.job.PodSeen;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pod of the memory cluster; one container. */
final class MemoryPod {
    final String uid;
    final String name;
    final int attempt;
    final PodSeen.Owner owner;
    long guard;
    String phase = "Pending";
    @Nullable String node;
    PodSeen.@Nullable Waiting waiting;
    int pulls;
    @Nullable Instant startedAt;
    PodSeen.@Nullable Ended ended;
    @Nullable Instant deletionAt;
    boolean disrupted;
    boolean counted;

    /** Of its deletion, where somebody gave it another than its own. */
    @Nullable Duration grace;

    MemoryPod(String uid, String name, int attempt, PodSeen.Owner owner) {
        this.owner = owner;
        this.uid = uid;
        this.name = name;
        this.attempt = attempt;
    }

    MemoryPod copy() {
        MemoryPod copy = new MemoryPod(uid, name, attempt, owner);
        copy.guard = guard;
        copy.phase = phase;
        copy.node = node;
        copy.waiting = waiting;
        copy.pulls = pulls;
        copy.startedAt = startedAt;
        copy.ended = ended;
        copy.deletionAt = deletionAt;
        copy.disrupted = disrupted;
        copy.counted = counted;
        copy.grace = grace;
        return copy;
    }

    boolean over() {
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    PodSeen seen() {
        return new PodSeen(
                name,
                uid,
                guard,
                attempt,
                phase,
                "",
                "",
                node,
                deletionAt,
                disrupted,
                null,
                false,
                new PodSeen.Told(false, waiting == null ? 0 : pulls, List.of()),
                List.of(new PodSeen.ContainerSeen("main", "image", waiting, startedAt, ended)),
                owner);
    }
}
