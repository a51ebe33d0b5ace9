package io.windlass.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All of a job that changes by decisions.
 *
 * @param jobSeenAt when its Kubernetes Job was seen first: from then on it could start
 * @param nextCheckAt the routine timer: by when somebody looks if no news comes
 * @param lookWantedAt what was told demands a look; the routine timer never moves it, and only a
 *     look that began later answers it
 * @param trouble while calls for it come to no answer
 */
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
        @Nullable Instant jobSeenAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Waiting waiting,
        @Nullable Instant nextCheckAt,
        @Nullable Instant lookWantedAt,
        Marks marks,
        @Nullable CallTrouble trouble) {

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
                null,
                null,
                null,
                Marks.NONE,
                null);
    }

    /** Due at the earlier of the two. */
    public @Nullable Instant dueAt() {
        return nextCheckAt == null ? lookWantedAt : Assessing.earlier(nextCheckAt, lookWantedAt);
    }

    public Progress checkedAt(@Nullable Instant routine, @Nullable Instant wanted) {
        return with(guard, routine, wanted, trouble);
    }

    /** Whether the difference is worth a new version and a line of history. */
    boolean differsFrom(Progress other) {
        return !bare().equals(other.bare());
    }

    private Progress bare() {
        return with(0, null, null, null);
    }

    /** As another job of its namespace may write it. */
    public Progress troubled(@Nullable CallTrouble other) {
        return with(guard, nextCheckAt, lookWantedAt, other);
    }

    private Progress with(
            long newGuard,
            @Nullable Instant routine,
            @Nullable Instant wanted,
            @Nullable CallTrouble newTrouble) {
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
                newGuard,
                missingSince,
                deleteRequestedAt,
                settled,
                admittedAt,
                jobSeenAt,
                startedAt,
                finishedAt,
                waiting,
                routine,
                wanted,
                marks,
                newTrouble);
    }
}
