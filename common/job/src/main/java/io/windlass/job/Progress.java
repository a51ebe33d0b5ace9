package io.windlass.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** All of a job that changes by decisions. */
public record Progress(
        JobState state,
        Desired desired,
        @Nullable String reason,
        @Nullable String message,
        @Nullable Integer exitCode,
        @Nullable Boolean mayHaveRun,
        int attempt,
        @Nullable String kubernetesName,
        @Nullable String kubernetesUid,
        long guard,
        @Nullable Instant missingSince,
        @Nullable Instant deleteRequestedAt,
        boolean settled,
        @Nullable Instant admittedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Waiting waiting,
        @Nullable Instant nextCheckAt) {

    public static Progress queued() {
        return new Progress(
                JobState.QUEUED,
                new Desired.Run(),
                null,
                null,
                null,
                null,
                0,
                null,
                null,
                0,
                null,
                null,
                false,
                null,
                null,
                null,
                null,
                null);
    }

    /** Whether the difference is worth a new version and a line of history. */
    boolean differsFrom(Progress other) {
        return !bare().equals(other.bare());
    }

    private Progress bare() {
        return new Progress(
                state,
                desired,
                reason,
                message,
                exitCode,
                mayHaveRun,
                attempt,
                kubernetesName,
                kubernetesUid,
                0,
                missingSince,
                deleteRequestedAt,
                settled,
                admittedAt,
                startedAt,
                finishedAt,
                waiting,
                null);
    }
}
