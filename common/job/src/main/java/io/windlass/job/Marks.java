package io.windlass.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What stands about a job's objects in the cluster, and since when.
 *
 * @param endingSince its Job is seen to come to its end without having come to it
 * @param changedSince its Job does not carry our labels and annotations any more: no watch tells of
 *     it
 * @param podsRemainSince it has its answer, and pods of it that may run still stand
 */
public record Marks(
        @Nullable Instant endingSince,
        @Nullable Instant changedSince,
        @Nullable Instant podsRemainSince) {
    public static final Marks NONE = new Marks(null, null, null);

    Marks endingSince(@Nullable Instant since) {
        return new Marks(since, changedSince, podsRemainSince);
    }

    Marks changedSince(@Nullable Instant since) {
        return new Marks(endingSince, since, podsRemainSince);
    }

    Marks podsRemainSince(@Nullable Instant since) {
        return new Marks(endingSince, changedSince, since);
    }
}
