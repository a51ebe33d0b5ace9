package io.windlass.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A spec as a tree: what is stored, hashed and read back. {@link JobSpecReader} reads it again. */
public final class JobSpecTree {
    private JobSpecTree() {}

    public static Map<String, @Nullable Object> of(JobSpec spec) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", spec.name());
        tree.put("namespace", spec.namespace());
        tree.put("queue", spec.queue());
        tree.put("cluster", spec.cluster());
        switch (spec.pod()) {
            case PodShape.OneImage one -> {
                tree.put("image", one.image());
                tree.put("command", one.command());
                tree.put("args", one.args());
                tree.put("workingDir", one.workingDir());
                tree.put("env", env(one.env()));
                tree.put("resources", one.resources());
            }
            case PodShape.Containers many -> tree.put("containers", many.containers());
            case PodShape.WholePod pod -> tree.put("podSpec", pod.podSpec());
        }
        Placement placement = spec.placement();
        tree.put("nodeSelector", placement.nodeSelector());
        tree.put("tolerations", placement.tolerations());
        tree.put("imagePullSecrets", placement.imagePullSecrets());
        tree.put("serviceAccountName", placement.serviceAccountName());
        tree.put("schedulerName", placement.schedulerName());
        tree.put("maxRetries", spec.maxRetries());
        tree.put("timeout", Durations.format(spec.timeout()));
        tree.put(
                "startTimeout",
                spec.startTimeout() == null ? null : Durations.format(spec.startTimeout()));
        tree.put("onMissingConfig", spec.waitsForConfig() ? "wait" : "fail");
        tree.put("priority", spec.priority());
        tree.put("parallelism", spec.parallelism());
        tree.put("completions", spec.completions());
        tree.put("completionMode", spec.indexed() ? "Indexed" : "NonIndexed");
        tree.put("labels", spec.labels());
        return tree;
    }

    private static List<Map<String, Object>> env(List<EnvVar> env) {
        List<Map<String, Object>> out = new ArrayList<>();
        for (EnvVar variable : env) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("name", variable.name());
            switch (variable) {
                case EnvVar.Plain plain -> item.put("value", plain.value());
                case EnvVar.FromSecret ref ->
                        item.put("secretRef", Map.of("name", ref.secret(), "key", ref.key()));
                case EnvVar.FromConfigMap ref ->
                        item.put("configMapRef", Map.of("name", ref.configMap(), "key", ref.key()));
            }
            out.add(item);
        }
        return out;
    }
}
