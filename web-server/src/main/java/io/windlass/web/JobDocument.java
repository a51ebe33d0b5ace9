package io.windlass.web;

import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import io.windlass.job.JobState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A job as it is answered: for the OpenAPI document. {@link JobTree} makes the same; a test sees to
 * that.
 */
@Introspected
@Schema(name = "Job")
record JobDocument(
        UUID id,
        String name,
        String namespace,
        String queue,
        String cluster,
        String image,
        List<String> command,
        List<String> args,
        String workingDir,
        List<JobRequest.Env> env,
        Map<String, String> resources,
        List<Map<String, Object>> containers,
        Map<String, Object> podSpec,
        Map<String, String> nodeSelector,
        List<Map<String, Object>> tolerations,
        List<String> imagePullSecrets,
        String serviceAccountName,
        String schedulerName,
        int maxRetries,
        String timeout,
        String startTimeout,
        String onMissingConfig,
        int priority,
        int parallelism,
        int completions,
        String completionMode,
        Map<String, String> labels,
        @Schema(description = "why its spec cannot be read; else null") String unreadable,
        JobState state,
        @Schema(description = "RUN, CANCEL or FAIL") String desired,
        @Schema(description = "open text; of FAILED see docs/job-lifecycle.md") String reason,
        String message,
        Integer exitCode,
        @Schema(description = "a container may have started") Boolean mayHaveRun,
        Waiting waiting,
        @Schema(description = "the nth pod") int attempt,
        int version,
        Kubernetes kubernetes,
        String submittedBy,
        Instant submittedAt,
        Instant startedAt,
        Instant finishedAt,
        UUID rerunOf,
        UUID scheduleId,
        Instant plannedAt,
        Map<String, String> links) {

    /** Why it has not started, or is still queued. */
    @Introspected
    @Schema(name = "Waiting")
    record Waiting(
            @Schema(name = "class") String waitClass,
            String message,
            Instant since,
            @Schema(description = "when it fails if nothing changes") Instant verdictAt,
            @Schema(description = "what is at fault, by kind and name") String object) {}

    /** Its Kubernetes Job. */
    @Introspected
    @Schema(name = "KubernetesJob")
    record Kubernetes(String cluster, String namespace, String name, String uid) {}

    /** Some jobs, and how to go on. */
    @Introspected
    @Schema(name = "JobPage")
    record Page(List<JobDocument> items, String next) {}

    /** A line of a batch. */
    @Introspected
    @Schema(name = "BatchResult")
    record BatchResult(int index, int status, JobDocument job, ProblemDocument problem) {}

    /** What became of a batch. */
    @Introspected
    @Schema(name = "BatchResults")
    record BatchResults(List<BatchResult> results) {}

    /** RFC 9457. */
    @Introspected
    @Schema(name = "Problem")
    record ProblemDocument(
            String type, String title, int status, String detail, List<FieldProblem> errors) {}

    /** A field that is wrong. */
    @Introspected
    @Schema(name = "FieldProblem")
    record FieldProblem(String pointer, String message) {}
}
