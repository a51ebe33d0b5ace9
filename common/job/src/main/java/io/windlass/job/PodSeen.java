package io.windlass.job;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A pod as seen at one moment, with what its events told. */
public record PodSeen(
        String name,
        String uid,
        long guard,
        int attempt,
        String phase,
        String reason,
        String message,
        @Nullable String node,
        @Nullable Instant deletionAt,
        boolean disrupted,
        @Nullable String unschedulable,
        int pulls,
        List<ContainerSeen> containers) {

    public record ContainerSeen(
            String name,
            String image,
            @Nullable Waiting waiting,
            @Nullable Instant startedAt,
            @Nullable Ended ended) {}

    public record Waiting(String reason, String message) {}

    public record Ended(int exitCode, String reason, String message) {}

    /** The first start of any container; the epoch is what a container that never ran is given. */
    public Optional<Instant> startedAt() {
        return containers.stream()
                .map(ContainerSeen::startedAt)
                .filter(at -> at != null && at.isAfter(Instant.EPOCH))
                .min(Instant::compareTo);
    }

    /** The end that explains a failure: the first that is not 0, else any. */
    Optional<Ended> end() {
        Optional<Ended> failed =
                containers.stream()
                        .map(ContainerSeen::ended)
                        .filter(e -> e != null && e.exitCode() != 0)
                        .findFirst();
        return failed.isPresent()
                ? failed
                : containers.stream()
                        .map(ContainerSeen::ended)
                        .filter(e -> e != null)
                        .reduce((first, last) -> last);
    }

    boolean over() {
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** The last that there was of it: what is gone is over, whether or not it ever ran. */
    public PodSeen atItsEnd() {
        return over()
                ? this
                : new PodSeen(
                        name,
                        uid,
                        guard,
                        attempt,
                        "Failed",
                        reason,
                        message,
                        node,
                        deletionAt,
                        disrupted,
                        null,
                        pulls,
                        containers);
    }

    /** Being deleted, or over, without ever having started. */
    boolean isGoing() {
        return (deletionAt != null || over()) && startedAt().isEmpty();
    }
}
