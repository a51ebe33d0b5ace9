package io.windlass.store;

import io.windlass.job.JobId;
import io.windlass.job.JobSpec;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job about to be stored. The hash is of its stored spec; the key is what makes a second POST the
 * same.
 */
public record NewJob(
        JobId id,
        JobSpec spec,
        String specJson,
        String specHash,
        String submittedBy,
        @Nullable String traceparent,
        @Nullable UUID rerunOf,
        @Nullable IdempotencyKey idempotencyKey,
        @Nullable Origin origin) {

    /** Which schedule made it, for which instant. */
    public record Origin(UUID schedule, Instant plannedAt) {}

    public record IdempotencyKey(String key, String bodyHash) {
        static final int HASH_VERSION = 1;
    }
}
