package io.windlass.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be told to {@link Decider}: intents, observations, and what came of commands.
 */
public sealed interface Input {
    /** The uids of the pods that it tells of. */
    default Set<String> pods() {
        return Set.of();
    }

    /** There is room for it. */
    record Admitted() implements Input {}

    record CancelRequested(String by) implements Input {}

    /** Its {@code nextCheckAt} has come. */
    record Due() implements Input {}

    /** Our POST made it, or had made it before. */
    record Created(JobSeen job) implements Input {}

    /** Another's object stands under our name. */
    record NameTaken(JobSeen other) implements Input {}

    record CreateRefused(Refusal refusal, String message) implements Input {}

    /** The POST surely did nothing; it may be tried again. */
    record CreateFailed(String message, Duration retryAfter) implements Input {}

    /** The POST may have done something: only the end of the claim tells. */
    record CreateUnknown(String message) implements Input {}

    /** Somebody else holds the claim. */
    record ClaimLost(Instant until) implements Input {}

    record Deleted(boolean gone) implements Input {}

    /** It is suspended and its pods are going; or it was not there. */
    record Retired(boolean gone) implements Input {}

    /** A Job that runs nothing has taken the name. */
    record Occupied(JobSeen job) implements Input {}

    /** The cluster could not be asked. */
    record CallFailed(String message, Duration retryAfter) implements Input {}

    record JobObserved(JobSeen job) implements Input {}

    /** A watch saw it go; what it looked like last. */
    record JobGone(JobSeen last) implements Input {}

    record PodObserved(PodSeen pod) implements Input {
        @Override
        public Set<String> pods() {
            return Set.of(pod.uid());
        }
    }

    /** The Job of this uid was said to be in trouble: a reason to look. */
    record JobEventHeard(String uid) implements Input {}

    /**
     * What a live read of the cluster showed.
     *
     * @param answers the demand for a look that the job had when this look began
     */
    record Looked(Look look, @Nullable Instant answers) implements Input {
        /** Nobody had demanded it. */
        public Looked(Look look) {
            this(look, null);
        }

        @Override
        public Set<String> pods() {
            return look.pods().stream().map(PodSeen::uid).collect(Collectors.toSet());
        }

        public Looked answering(@Nullable Instant demand) {
            return new Looked(look, demand);
        }
    }

    /**
     * Somebody has declared that the cluster of this identity will not come back.
     *
     * @param heardAt when it answered last
     */
    record ClusterLost(String identity, String by, Instant heardAt) implements Input {}

    /** Somebody has said that it is there again. */
    record ClusterFound(String identity, String by) implements Input {}

    /** What the API server's answer to a POST says about trying again. */
    enum Refusal {
        SPEC_INVALID,
        NAMESPACE_MISSING,
        REJECTED_BY_POLICY,
        /** The job alone asks for more than a quota's limit. */
        QUOTA_EXCEEDED,
        /** A quota is used up now. */
        NO_ROOM,
        /** We lack a permission. */
        FORBIDDEN
    }
}
