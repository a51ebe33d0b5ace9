package io.windlass.standalone.localcluster;

import io.windlass.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an object must have to be taken, and what it gets if it does not say. */
final class Admission {
    private Admission() {}

    static Stored admit(Stored object) {
        return switch (object.kind()) {
            case JOB -> job(object);
            case POD -> pod(object);
            case NAMESPACE, NODE, SECRET, CONFIG_MAP, EVENT -> object;
        };
    }

    private static Stored job(Stored job) {
        if (!(job.at("spec", "template", "spec", "containers") instanceof List<?> containers)
                || containers.isEmpty()) {
            throw ApiException.invalid("spec.template.spec.containers: Required value");
        }
        for (Object container : containers) {
            requireImage(container);
        }
        Object restart = job.at("spec", "template", "spec", "restartPolicy");
        if (!"Never".equals(restart) && !"OnFailure".equals(restart)) {
            throw ApiException.invalid(
                    "spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\"");
        }
        Map<String, @Nullable Object> spec = new LinkedHashMap<>(Json.asObject(job.at("spec")));
        spec.putIfAbsent("parallelism", 1);
        spec.putIfAbsent("completions", spec.get("parallelism"));
        spec.putIfAbsent("backoffLimit", 6);
        spec.putIfAbsent("completionMode", "NonIndexed");
        return job.with("spec", spec).with("status", Map.of());
    }

    private static void requireImage(@Nullable Object container) {
        if (!(container instanceof Map<?, ?> map)
                || !(map.get("image") instanceof String image)
                || image.isBlank()) {
            throw ApiException.invalid("spec.template.spec.containers[0].image: Required value");
        }
    }

    private static Stored pod(Stored pod) {
        return pod.with("status", Map.of("phase", "Pending"));
    }
}
