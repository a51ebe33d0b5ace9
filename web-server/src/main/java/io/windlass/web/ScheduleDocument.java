package io.windlass.web;

import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import io.windlass.job.JobState;
import io.windlass.schedule.Account;
import io.windlass.store.ScheduleHealth;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A schedule as it is answered: for the OpenAPI document. {@link ScheduleAnswers} makes the same; a
 * test sees to that.
 */
@Introspected
@Schema(name = "Schedule")
record ScheduleDocument(
        UUID id,
        String name,
        String namespace,
        String cron,
        String every,
        String timeZone,
        boolean paused,
        String concurrency,
        String startingDeadline,
        @Schema(implementation = Object.class) Object catchUp,
        String jitter,
        Instant startAt,
        Instant endAt,
        ScheduleRequest.Keep keep,
        Map<String, String> labels,
        JobRequest job,
        @Schema(description = "why its definition cannot be read; else null") String unreadable,
        @Schema(description = "that it was applied with") String set,
        int version,
        String changedBy,
        Instant createdAt,
        Instant changedAt,
        @Schema(description = "null where it is paused, or nothing is to come") Instant nextAt,
        Health health,
        Map<String, String> links) {

    /** How its runs end. */
    @Introspected
    @Schema(name = "ScheduleHealth")
    record Health(
            List<ScheduleHealth.Trouble> troubles,
            Instant lastSuccessAt,
            Instant lastFailureAt,
            @Schema(description = "the reason of the last job that failed") String lastFailure,
            int failuresInARow,
            @Schema(description = "when a success is missed if none comes") Instant overdueAt,
            @Schema(description = "where nobody can account for it; else null")
                    SetAside setAside) {}

    /** It is tried again by itself. */
    @Introspected
    @Schema(name = "ScheduleSetAside")
    record SetAside(
            @Schema(description = "in a row") int tries,
            Instant since,
            Instant nextTryAt,
            @Schema(description = "of the last try") String error) {}

    /** Some schedules, and how to go on. */
    @Introspected
    @Schema(name = "SchedulePage")
    record Page(List<ScheduleDocument> items, String next) {}

    /** A line of the ledger. */
    @Introspected
    @Schema(name = "ScheduleRun")
    record Run(
            Instant plannedAt,
            @Schema(description = "the last of several instants in a row") Instant until,
            int instants,
            Account.Verdict verdict,
            String lateBy,
            @Schema(description = "of those that made no job") Account.Cause reason,
            String message,
            UUID jobId,
            JobState jobState) {}

    /** Some lines of the ledger, and how to go on. */
    @Introspected
    @Schema(name = "ScheduleRuns")
    record Runs(List<Run> items, String next) {}

    /** An instant to come. */
    @Introspected
    @Schema(name = "PlannedInstant")
    record Planned(
            Instant plannedAt,
            @Schema(description = "the local time that it is for") String local,
            @Schema(description = "with its jitter") Instant dueAt,
            @Schema(description = "what the clocks do there") String note) {}

    /** What is to come. */
    @Introspected
    @Schema(name = "SchedulePreview")
    record Preview(String timeZone, boolean paused, List<Planned> items) {}

    /** What applying a set does, or would do. */
    @Introspected
    @Schema(name = "SetResult")
    record SetResult(
            String set,
            boolean dryRun,
            @Schema(description = "why it would not be done") String refused,
            int unchanged,
            List<SetStep> created,
            List<SetStep> updated,
            List<SetStep> removed) {}

    /** What happens to one schedule. */
    @Introspected
    @Schema(name = "SetStep")
    record SetStep(
            String namespace,
            String name,
            List<FieldChange> changes,
            @Schema(description = "its next instants as it is, where they change")
                    List<Planned> before,
            @Schema(description = "its next instants as it will be, where they change")
                    List<Planned> after) {}

    /** A field that is not as it was. */
    @Introspected
    @Schema(name = "FieldChange")
    record FieldChange(
            String pointer,
            @Schema(implementation = Object.class) Object before,
            @Schema(implementation = Object.class) Object after) {}
}
