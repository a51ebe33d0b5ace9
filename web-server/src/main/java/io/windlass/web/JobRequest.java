package io.windlass.web;

import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;

/**
 * A job as it is submitted: for the OpenAPI document. The reader of jobs knows the same fields; a
 * test sees to that.
 */
@Introspected
@Schema(
        name = "JobRequest",
        requiredProperties = {"name"})
record JobRequest(
        @Schema(example = "nightly-report", maxLength = 63) String name,
        @Schema(defaultValue = "default") String namespace,
        @Schema(defaultValue = "default") String queue,
        String cluster,
        @Schema(example = "busybox:1.36", description = "or containers, or podSpec") String image,
        @Schema(description = "appended to image") String tag,
        List<String> command,
        List<String> args,
        String workingDir,
        List<Env> env,
        @Schema(example = "{\"cpu\": \"500m\", \"memory\": \"256Mi\"}")
                Map<String, String> resources,
        @Schema(description = "v1.Container") List<Map<String, Object>> containers,
        @Schema(description = "v1.PodSpec") Map<String, Object> podSpec,
        Map<String, String> nodeSelector,
        List<Map<String, Object>> tolerations,
        List<String> imagePullSecrets,
        String serviceAccountName,
        String schedulerName,
        @Schema(defaultValue = "0", minimum = "0", maximum = "100") Integer maxRetries,
        @Schema(defaultValue = "24h", example = "10m") String timeout,
        String startTimeout,
        @Schema(
                        description = "fail, or wait for a Secret or ConfigMap that is not there",
                        defaultValue = "fail")
                String onMissingConfig,
        @Schema(defaultValue = "0", minimum = "-1000", maximum = "1000") Integer priority,
        @Schema(defaultValue = "1") Integer parallelism,
        @Schema(defaultValue = "1") Integer completions,
        @Schema(description = "NonIndexed or Indexed") String completionMode,
        Map<String, String> labels) {

    /** One of value, secretRef and configMapRef. */
    @Introspected
    record Env(String name, String value, Ref secretRef, Ref configMapRef) {}

    /** A key of a Secret or ConfigMap. */
    @Introspected
    record Ref(String name, String key) {}
}
