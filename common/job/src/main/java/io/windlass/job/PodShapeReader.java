package io.windlass.job;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what is to run: one image, containers, or a whole pod spec. */
final class PodShapeReader {
    private static final String NOT_AS_KUBERNETES_HAS_IT =
            "is the form of containers: here write resources.cpu and resources.memory, which are request and limit"
                    + " at once; where these differ use containers";

    private static final List<String> OF_ONE_IMAGE =
            List.of("image", "tag", "command", "args", "workingDir", "env", "resources");
    private static final List<String> PLACEMENT =
            List.of(
                    "nodeSelector",
                    "tolerations",
                    "imagePullSecrets",
                    "serviceAccountName",
                    "schedulerName");

    private static final String GRACE = "terminationGracePeriodSeconds";

    /** A kubelet that has begun to wait for a program's end cannot be told to wait for less. */
    private static final int LONGEST_GRACE_SECONDS = 3_600;

    private PodShapeReader() {}

    static PodShape read(Fields job) {
        Set<String> ways = new LinkedHashSet<>();
        for (String way : List.of("image", "containers", "podSpec")) {
            if (job.has(way)) {
                ways.add(way);
            }
        }
        if (ways.size() != 1) {
            job.error(
                    "image",
                    ways.isEmpty()
                            ? "is required (or containers, or podSpec)"
                            : "give one of image, containers and podSpec, not "
                                    + String.join(" and ", ways));
            return new PodShape.Containers(List.of());
        }
        if (job.has("image")) {
            return oneImage(job);
        }
        for (String field : OF_ONE_IMAGE) {
            if (job.has(field)) {
                job.error(field, "belongs to image; with containers or podSpec it is said there");
            }
        }
        if (job.has("containers")) {
            return new PodShape.Containers(containers(job, "containers"));
        }
        return wholePod(job);
    }

    private static PodShape.OneImage oneImage(Fields job) {
        String image = job.text("image", "");
        String tag = job.text("tag");
        if (tag != null) {
            image = image + ":" + tag;
        }
        if (!ImageReference.parses(image)) {
            job.error("image", "is no image reference: " + BoundedText.of(image, 200));
        }
        return new PodShape.OneImage(
                image,
                job.texts("command"),
                job.texts("args"),
                job.text("workingDir"),
                env(job),
                resources(job));
    }

    private static List<EnvVar> env(Fields job) {
        Set<String> names = new HashSet<>();
        return job.objects(
                "env",
                item -> {
                    item.onlyKnown(Set.of("name", "value", "secretRef", "configMapRef"));
                    String name = item.text("name", "");
                    if (!Syntax.envName(name)) {
                        item.error("name", "must be a variable's name");
                    } else if (!names.add(name)) {
                        item.error("name", "stands twice");
                    }
                    return variable(item, name);
                });
    }

    private static @Nullable EnvVar variable(Fields item, String name) {
        Fields secret = item.object("secretRef");
        Fields configMap = item.object("configMapRef");
        int sources =
                (item.has("value") ? 1 : 0)
                        + (secret == null ? 0 : 1)
                        + (configMap == null ? 0 : 1);
        if (sources > 1) {
            item.error("value", "give one of value, secretRef and configMapRef");
        }
        if (secret != null) {
            return new EnvVar.FromSecret(name, refName(secret), refKey(secret));
        }
        if (configMap != null) {
            return new EnvVar.FromConfigMap(name, refName(configMap), refKey(configMap));
        }
        return new EnvVar.Plain(name, item.text("value", ""));
    }

    private static String refName(Fields ref) {
        ref.onlyKnown(Set.of("name", "key"));
        String name = ref.text("name", "");
        if (!Syntax.dnsName(name)) {
            ref.error("name", "must be the name of an object in the job's namespace");
        }
        return name;
    }

    private static String refKey(Fields ref) {
        String key = ref.text("key", "");
        if (!Syntax.configKey(key)) {
            ref.error("key", "must be one of its keys");
        }
        return key;
    }

    private static Map<String, String> resources(Fields job) {
        Fields at = job.object("resources");
        if (at != null && (at.has("limits") || at.has("requests"))) {
            Stream.of("limits", "requests")
                    .filter(at::has)
                    .forEach(form -> at.error(form, NOT_AS_KUBERNETES_HAS_IT));
            return Map.of();
        }
        Map<String, String> resources = at == null ? Map.of() : job.textMap("resources");
        resources.forEach((key, value) -> {
            if (at != null && !Syntax.labelKey(key)) {
                at.error(key, "is no resource's name");
            } else if (at != null && !Syntax.quantity(value)) {
                at.error(key, "must be a quantity such as 500m, 2 or 256Mi");
            }
        });
        return resources;
    }

    private static List<Map<String, @Nullable Object>> containers(Fields parent, String field) {
        if (parent.list(field, Object.class, "an object").isEmpty()) {
            parent.error(field, "must have at least one container");
        }
        Set<String> names = new HashSet<>();
        return parent.objects(
                field,
                container -> {
                    container.onlyKnown(KubernetesFields.CONTAINER);
                    String name = container.text("name", "");
                    if (!Syntax.dnsLabel(name)) {
                        container.error("name", "must be a container's name");
                    } else if (!names.add(name)) {
                        container.error("name", "stands twice");
                    }
                    if (!ImageReference.parses(container.text("image", ""))) {
                        container.error("image", "is no image reference");
                    }
                    return container.tree();
                });
    }

    private static PodShape wholePod(Fields job) {
        for (String field : PLACEMENT) {
            if (job.has(field) && !isEmpty(job.tree().get(field))) {
                job.error(field, "is said in podSpec where podSpec is given");
            }
        }
        Fields pod = job.object("podSpec");
        if (pod == null) {
            return new PodShape.WholePod(Map.of());
        }
        pod.onlyKnown(KubernetesFields.POD_SPEC);
        containers(pod, "containers");
        if (pod.has("initContainers")) {
            containers(pod, "initContainers");
        }
        if (pod.has("restartPolicy") && !pod.text("restartPolicy", "").equals("Never")) {
            pod.error("restartPolicy", "must be Never (or left out): retries are maxRetries");
        }
        pod.whole(GRACE, 0, 0, LONGEST_GRACE_SECONDS);
        return new PodShape.WholePod(pod.tree());
    }

    private static boolean isEmpty(@Nullable Object value) {
        return value == null
                || (value instanceof Map<?, ?> map && map.isEmpty())
                || (value instanceof List<?> list && list.isEmpty());
    }
}
