package io.windlass.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a job from a tree, as it was received or as it was stored. Total: every tree gives a spec
 * or errors.
 */
public final class JobSpecReader {
    public static final Set<String> FIELDS =
            Set.of(
                    "name",
                    "namespace",
                    "queue",
                    "cluster",
                    "image",
                    "tag",
                    "command",
                    "args",
                    "workingDir",
                    "env",
                    "resources",
                    "containers",
                    "podSpec",
                    "nodeSelector",
                    "tolerations",
                    "imagePullSecrets",
                    "serviceAccountName",
                    "schedulerName",
                    "maxRetries",
                    "timeout",
                    "startTimeout",
                    "onMissingConfig",
                    "priority",
                    "parallelism",
                    "completions",
                    "completionMode",
                    "labels");

    private static final Duration LONGEST = Duration.ofDays(365);

    /** Either of the two. */
    public sealed interface Result {
        record Read(JobSpec spec) implements Result {}

        record Wrong(List<FieldError> errors) implements Result {}
    }

    private final List<FieldError> errors = new ArrayList<>();
    private final String defaultCluster;

    private JobSpecReader(String defaultCluster) {
        this.defaultCluster = defaultCluster;
    }

    public static Result read(@Nullable Object tree, String defaultCluster) {
        return read(tree, defaultCluster, Set.of());
    }

    /** Fields in {@code also} are left to the caller, as the idempotency key of a batch's line. */
    public static Result read(@Nullable Object tree, String defaultCluster, Set<String> also) {
        if (!(tree instanceof Map<?, ?> map)) {
            return new Result.Wrong(List.of(new FieldError("", "must be an object")));
        }
        JobSpecReader reader = new JobSpecReader(defaultCluster);
        JobSpec spec = reader.spec(new Fields(map, "", reader.errors), also);
        return reader.errors.isEmpty()
                ? new Result.Read(spec)
                : new Result.Wrong(List.copyOf(reader.errors));
    }

    private JobSpec spec(Fields job, Set<String> also) {
        Set<String> known = new HashSet<>(FIELDS);
        known.addAll(also);
        job.onlyKnown(known);
        String name = job.name("name", "");
        if (!job.has("name")) {
            job.error("name", "is required");
        }
        int parallelism = job.whole("parallelism", 1, 1, 1_000);
        int completions = job.whole("completions", parallelism, 1, 10_000);
        Duration timeout = job.duration("timeout", Duration.ofSeconds(1), LONGEST);
        return new JobSpec(
                name,
                job.name("namespace", "default"),
                job.name("queue", "default"),
                cluster(job),
                PodShapeReader.read(job),
                placement(job),
                job.whole("maxRetries", 0, 0, 100),
                timeout == null ? JobSpec.DEFAULT_TIMEOUT : timeout,
                job.duration("startTimeout", Duration.ofSeconds(1), LONGEST),
                waitsForConfig(job),
                job.whole("priority", 0, -1_000, 1_000),
                parallelism,
                completions,
                indexed(job),
                Labels.read(job));
    }

    private String cluster(Fields job) {
        String cluster = job.name("cluster", defaultCluster);
        if (cluster.equals("any")) {
            job.error(
                    "cluster",
                    "\"any\" is not offered yet: name a cluster, or leave the field out");
        }
        return cluster;
    }

    private static boolean waitsForConfig(Fields job) {
        String policy = job.text("onMissingConfig", "fail");
        if (!policy.equals("fail") && !policy.equals("wait")) {
            job.error("onMissingConfig", "must be fail or wait");
        }
        return policy.equals("wait");
    }

    private boolean indexed(Fields job) {
        String mode = job.text("completionMode", "NonIndexed");
        if (!mode.equals("NonIndexed") && !mode.equals("Indexed")) {
            job.error("completionMode", "must be NonIndexed or Indexed");
        }
        return mode.equals("Indexed");
    }

    private static Placement placement(Fields job) {
        Map<String, String> nodeSelector = new LinkedHashMap<>(job.textMap("nodeSelector"));
        Fields at = job.object("nodeSelector");
        nodeSelector.forEach((key, value) -> {
            if (at != null && !(Syntax.labelKey(key) && Syntax.labelValue(value))) {
                at.error(key, "is no node label");
            }
        });
        return new Placement(
                nodeSelector,
                job.objects(
                        "tolerations",
                        toleration -> {
                            toleration.onlyKnown(KubernetesFields.TOLERATION);
                            return toleration.tree();
                        }),
                pullSecrets(job),
                optionalName(job, "serviceAccountName"),
                optionalName(job, "schedulerName"));
    }

    private static List<String> pullSecrets(Fields job) {
        List<String> names = job.texts("imagePullSecrets");
        for (int i = 0; i < names.size(); i++) {
            if (!Syntax.dnsName(names.get(i))) {
                job.error("imagePullSecrets", "must be names of Secrets in the job's namespace");
            }
        }
        return names;
    }

    private static @Nullable String optionalName(Fields job, String field) {
        String name = job.text(field);
        if (name != null && !Syntax.dnsName(name)) {
            job.error(field, "must be a name that Kubernetes takes");
        }
        return name;
    }
}
