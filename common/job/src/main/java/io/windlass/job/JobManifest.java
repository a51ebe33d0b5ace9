package io.windlass.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Kubernetes Job of a job, as a tree. What dry-run shows is what the creator posts. */
public final class JobManifest {
    private static final String MAIN = "main";

    private JobManifest() {}

    public static Map<String, @Nullable Object> of(
            JobSpec spec,
            JobIdentity identity,
            String kubernetesName,
            PodPolicy policy,
            @Nullable String traceparent) {
        Map<String, String> labels = new LinkedHashMap<>(spec.labels());
        labels.put(JobIdentity.MANAGED_BY, "windlass");
        labels.put(JobIdentity.INSTALLATION, identity.installation().toString());
        labels.put(JobIdentity.JOB_ID, identity.jobId().toString());
        labels.put(JobIdentity.ATTEMPT, Integer.toString(identity.attempt()));
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        metadata.put("name", kubernetesName);
        metadata.put("namespace", spec.namespace());
        metadata.put("labels", labels);
        Map<String, String> traced =
                traceparent == null ? Map.of() : Map.of(JobIdentity.TRACEPARENT, traceparent);
        Map<String, String> annotations = new LinkedHashMap<>(traced);
        annotations.put(JobIdentity.SPEC_HASH, identity.specHash());
        metadata.put("annotations", annotations);

        Map<String, @Nullable Object> template = new LinkedHashMap<>();
        template.put("metadata", Map.of("labels", labels, "annotations", traced));
        template.put("spec", PodHardening.harden(podSpec(spec), policy));

        Map<String, @Nullable Object> job = new LinkedHashMap<>();
        job.put("parallelism", spec.parallelism());
        job.put("completions", spec.completions());
        job.put("completionMode", spec.indexed() ? "Indexed" : "NonIndexed");
        retries(spec, job);
        job.put("podReplacementPolicy", "Failed");
        job.put("activeDeadlineSeconds", deadlineSeconds(spec.timeout()));
        job.put("template", template);

        Map<String, @Nullable Object> manifest = new LinkedHashMap<>();
        manifest.put("apiVersion", "batch/v1");
        manifest.put("kind", "Job");
        manifest.put("metadata", metadata);
        manifest.put("spec", job);
        return manifest;
    }

    /** Never shorter than what was asked for. */
    private static long deadlineSeconds(Duration timeout) {
        return Math.max(1, timeout.plusNanos(999_999_999).toSeconds());
    }

    /** Of the trace that a Job's job was submitted in. */
    public static @Nullable String traceparent(Map<String, @Nullable Object> manifest) {
        return manifest.get("metadata") instanceof Map<?, ?> metadata
                        && metadata.get("annotations") instanceof Map<?, ?> annotations
                        && annotations.get(JobIdentity.TRACEPARENT) instanceof String trace
                ? trace
                : null;
    }

    /** One that runs nothing, and takes the name. */
    public static Map<String, @Nullable Object> suspended(
            JobSpec spec,
            JobIdentity identity,
            String kubernetesName,
            PodPolicy policy,
            @Nullable String traceparent) {
        Map<String, @Nullable Object> manifest =
                of(spec, identity, kubernetesName, policy, traceparent);
        if (manifest.get("spec") instanceof Map<?, ?> job) {
            Map<String, @Nullable Object> still = PodHardening.map(job);
            still.put("suspend", true);
            manifest.put("spec", still);
        }
        return manifest;
    }

    /**
     * Without retries a program's exit is final, but a node's refusal or a preemption is tried
     * again.
     */
    private static void retries(JobSpec spec, Map<String, @Nullable Object> job) {
        List<Map<String, Object>> rules = new ArrayList<>();
        rules.add(
                Map.of(
                        "action",
                        "Ignore",
                        "onPodConditions",
                        List.of(Map.of("type", "DisruptionTarget", "status", "True"))));
        if (spec.maxRetries() == 0) {
            rules.add(
                    Map.of(
                            "action",
                            "FailJob",
                            "onExitCodes",
                            Map.of("operator", "NotIn", "values", List.of(0))));
        }
        job.put("backoffLimit", spec.maxRetries() == 0 ? 3 : spec.maxRetries());
        job.put("podFailurePolicy", Map.of("rules", rules));
    }

    private static Map<String, @Nullable Object> podSpec(JobSpec spec) {
        Map<String, @Nullable Object> pod = new LinkedHashMap<>();
        switch (spec.pod()) {
            case PodShape.OneImage one -> pod.put("containers", List.of(container(one)));
            case PodShape.Containers many ->
                    pod.put("containers", withTerminationMessages(many.containers()));
            case PodShape.WholePod whole -> {
                pod.putAll(whole.podSpec());
                pod.put("containers", withTerminationMessages(pod.get("containers")));
                if (pod.get("initContainers") != null) {
                    pod.put("initContainers", withTerminationMessages(pod.get("initContainers")));
                }
            }
        }
        pod.put("restartPolicy", "Never");
        Placement placement = spec.placement();
        putUnlessEmpty(pod, "nodeSelector", placement.nodeSelector());
        if (!placement.tolerations().isEmpty()) {
            pod.put("tolerations", placement.tolerations());
        }
        if (!placement.imagePullSecrets().isEmpty()) {
            pod.put(
                    "imagePullSecrets",
                    placement.imagePullSecrets().stream().map(n -> Map.of("name", n)).toList());
        }
        putUnlessNull(pod, "serviceAccountName", placement.serviceAccountName());
        putUnlessNull(pod, "schedulerName", placement.schedulerName());
        return pod;
    }

    private static Map<String, @Nullable Object> container(PodShape.OneImage one) {
        Map<String, @Nullable Object> container = new LinkedHashMap<>();
        container.put("name", MAIN);
        container.put("image", one.image());
        if (!one.command().isEmpty()) {
            container.put("command", one.command());
        }
        if (!one.args().isEmpty()) {
            container.put("args", one.args());
        }
        putUnlessNull(container, "workingDir", one.workingDir());
        if (!one.env().isEmpty()) {
            container.put("env", one.env().stream().map(JobManifest::env).toList());
        }
        if (!one.resources().isEmpty()) {
            // equal, so that what a job asks for is what it gets, and no more
            container.put(
                    "resources", Map.of("requests", one.resources(), "limits", one.resources()));
        }
        container.put("terminationMessagePolicy", "FallbackToLogsOnError");
        return container;
    }

    private static Map<String, Object> env(EnvVar variable) {
        return switch (variable) {
            case EnvVar.Plain plain -> Map.of("name", plain.name(), "value", plain.value());
            case EnvVar.FromSecret ref -> from(ref.name(), "secretKeyRef", ref.secret(), ref.key());
            case EnvVar.FromConfigMap ref ->
                    from(ref.name(), "configMapKeyRef", ref.configMap(), ref.key());
        };
    }

    private static Map<String, Object> from(String name, String kind, String object, String key) {
        return Map.of("name", name, "valueFrom", Map.of(kind, Map.of("name", object, "key", key)));
    }

    private static List<Object> withTerminationMessages(@Nullable Object containers) {
        List<Object> out = new ArrayList<>();
        if (containers instanceof List<?> list) {
            for (Object item : list) {
                Map<String, @Nullable Object> container = PodHardening.map(item);
                container.putIfAbsent("terminationMessagePolicy", "FallbackToLogsOnError");
                out.add(container);
            }
        }
        return out;
    }

    private static void putUnlessEmpty(
            Map<String, @Nullable Object> out, String key, Map<String, String> value) {
        if (!value.isEmpty()) {
            out.put(key, value);
        }
    }

    private static void putUnlessNull(
            Map<String, @Nullable Object> out, String key, @Nullable String value) {
        if (value != null) {
            out.put(key, value);
        }
    }
}
