package io.windlass.store;

import io.windlass.job.JobId;
import io.windlass.job.JobSpec;
import io.windlass.job.JobSpecTree;
import io.windlass.json.Json;
import io.windlass.json.Sha256;
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

    /** Which schedule made it, for which instant; none where a person ran it. */
    public record Origin(UUID schedule, @Nullable Instant plannedAt) {}

    /**
     * Of a schedule: the unique line in its ledger is what makes it the only one of its instant.
     */
    public static NewJob planned(JobId id, JobSpec spec, String submittedBy, Origin origin) {
        String json = Json.canonical(JobSpecTree.of(spec));
        return new NewJob(id, spec, json, Sha256.of(json), submittedBy, null, null, null, origin);
    }

    public record IdempotencyKey(String key, String bodyHash) {
        static final int HASH_VERSION = 1;
    }
}
