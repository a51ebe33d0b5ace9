package io.windlass.job;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
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
        @Nullable Unscheduled unscheduled,
        boolean sandboxReady,
        Told told,
        List<ContainerSeen> containers,
        @Nullable Owner owner) {

    /** Whose it is has not been told: the version before does not. */
    public PodSeen(
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
            @Nullable Unscheduled unscheduled,
            boolean sandboxReady,
            Told told,
            List<ContainerSeen> containers) {
        this(
                name,
                uid,
                guard,
                attempt,
                phase,
                reason,
                message,
                node,
                deletionAt,
                disrupted,
                unscheduled,
                sandboxReady,
                told,
                containers,
                null);
    }

    /**
     * Whose it is, by its controller and not by its labels.
     *
     * @param uid of the Job that controls it; empty where none does
     */
    public record Owner(String namespace, String uid) {}

    private static final Comparator<Ended> EXPLAINS =
            Comparator.comparingInt(Ended::rank)
                    .thenComparing(
                            Ended::finishedAt, Comparator.nullsLast(Comparator.naturalOrder()));

    /** Why the scheduler has not placed it, and what the nodes say to that. */
    public record Unscheduled(String message, Room room, String why) {
        public Unscheduled(String message, Room room) {
            this(message, room, "");
        }
    }

    public enum Room {
        /** Nobody has compared it with the nodes. */
        UNKNOWN,
        /** Some node could take it, were it empty. */
        SOMEWHERE,
        NOWHERE,
        /** Gates hold it back: nobody has tried to place it. */
        GATED
    }

    /**
     * What its events told.
     *
     * @param all true where every event was read: then what is not there is not so
     * @param events newest first
     */
    public record Told(boolean all, int pulls, List<EventSeen> events) {
        public static final Told NOTHING = new Told(false, 0, List.of());
    }

    public record ContainerSeen(
            String name,
            String image,
            @Nullable Waiting waiting,
            @Nullable Instant startedAt,
            @Nullable Ended ended,
            Kind kind) {
        /** Where nobody has told it apart. */
        public ContainerSeen(
                String name,
                String image,
                @Nullable Waiting waiting,
                @Nullable Instant startedAt,
                @Nullable Ended ended) {
            this(name, image, waiting, startedAt, ended, Kind.MAIN);
        }
    }

    public enum Kind {
        INIT,
        /**
         * An init container that goes on beside the others: what ends with them ends because of
         * them.
         */
        SIDECAR,
        MAIN
    }

    public record Waiting(String reason, String message) {}

    public record Ended(int exitCode, String reason, String message, @Nullable Instant finishedAt) {
        public Ended(int exitCode, String reason, String message) {
            this(exitCode, reason, message, null);
        }

        private boolean neverRan() {
            return reason.equals("StartError") || reason.equals("ContainerCannotRun");
        }

        /**
         * What the others did may have followed from it: out of memory, or what could not start.
         */
        private int rank() {
            return reason.equals("OOMKilled") ? 0 : neverRan() ? 1 : 2;
        }
    }

    /** The first start of any container; the epoch is what a container that never ran is given. */
    public Optional<Instant> startedAt() {
        return containers.stream()
                .map(ContainerSeen::startedAt)
                .filter(at -> at != null && at.isAfter(Instant.EPOCH))
                .min(Instant::compareTo);
    }

    /**
     * The end that explains a failure; a sidecar's only where nothing else has failed, and never
     * one that went well.
     */
    Optional<Ended> end() {
        Optional<Ended> failed = failed(false).min(EXPLAINS).or(() -> failed(true).min(EXPLAINS));
        boolean wentWell = failed.isEmpty() && phase.equals("Succeeded");
        return wentWell
                ? lastEnd(Kind.MAIN).or(() -> lastEnd(Kind.INIT)).or(() -> lastEnd(Kind.SIDECAR))
                : failed;
    }

    private Optional<Ended> lastEnd(Kind kind) {
        return containers.stream()
                .filter(c -> c.kind() == kind)
                .map(ContainerSeen::ended)
                .filter(Objects::nonNull)
                .reduce((first, last) -> last);
    }

    private Stream<Ended> failed(boolean sidecars) {
        return containers.stream()
                .filter(c -> (c.kind() == Kind.SIDECAR) == sidecars)
                .map(ContainerSeen::ended)
                .filter(e -> e != null && e.exitCode() != 0);
    }

    int pulls() {
        return told.pulls();
    }

    public boolean over() {
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
                        sandboxReady,
                        told,
                        containers,
                        owner);
    }

    /** It has not begun, and its events may tell why. */
    public boolean isWaiting() {
        return !over()
                && deletionAt == null
                && (startedAt().isEmpty()
                        || containers.stream().anyMatch(c -> c.waiting() != null));
    }

    public PodSeen with(Unscheduled compared) {
        return new PodSeen(
                name,
                uid,
                guard,
                attempt,
                phase,
                reason,
                message,
                node,
                deletionAt,
                disrupted,
                compared,
                sandboxReady,
                told,
                containers,
                owner);
    }

    public PodSeen ownedBy(@Nullable Owner job) {
        return new PodSeen(
                name,
                uid,
                guard,
                attempt,
                phase,
                reason,
                message,
                node,
                deletionAt,
                disrupted,
                unscheduled,
                sandboxReady,
                told,
                containers,
                job);
    }

    /** As far as a list is compared with what is known: its end and its start, and no texts. */
    public PodSeen toCompare() {
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
                sandboxReady,
                Told.NOTHING,
                startedAt()
                        .map(at -> List.of(new ContainerSeen("", "", null, at, null)))
                        .orElse(List.of()),
                owner);
    }

    /** Its volumes are mounted and its sandbox stands: events that say otherwise are old. */
    boolean sandboxStands() {
        return sandboxReady || startedAt().isPresent();
    }

    /** Being deleted, or over, without ever having started. */
    boolean isGoing() {
        return (deletionAt != null || over()) && startedAt().isEmpty();
    }
}
