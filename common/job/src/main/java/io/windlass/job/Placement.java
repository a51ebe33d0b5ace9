package io.windlass.job;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a pod may run, and as whom it pulls and calls. */
public record Placement(
        Map<String, String> nodeSelector,
        List<Map<String, @Nullable Object>> tolerations,
        List<String> imagePullSecrets,
        @Nullable String serviceAccountName,
        @Nullable String schedulerName) {}
