package io.windlass.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A CronJob of Kubernetes as a schedule, and what of it has no equivalent. What is not said here is
 * said by nobody: each field is either translated or told.
 */
final class CronJobs {
    private static final Set<String> ANNOTATIONS_OF_TOOLS =
            Set.of("kubectl.kubernetes.io/last-applied-configuration");
    private static final int RETRIES_OF_A_JOB = 6;
    private static final Set<String> SAME = Set.of("parallelism", "completions", "completionMode");

    private final List<String> lost = new ArrayList<>();

    private CronJobs() {}

    /** A schedule, and the fields that it does not have. */
    record Translated(Map<String, @Nullable Object> schedule, List<String> lost) {}

    static boolean is(Map<String, @Nullable Object> document) {
        return "CronJob".equals(document.get("kind"));
    }

    static Translated translated(Map<String, @Nullable Object> document) {
        CronJobs translation = new CronJobs();
        Map<String, @Nullable Object> schedule = translation.schedule(document);
        return new Translated(schedule, List.copyOf(translation.lost));
    }

    private Map<String, @Nullable Object> schedule(Map<String, @Nullable Object> document) {
        Map<String, @Nullable Object> metadata = map(document.get("metadata"));
        Map<String, @Nullable Object> spec = map(document.get("spec"));
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("name", metadata.remove("name"));
        put(out, "namespace", metadata.remove("namespace"));
        timing(out, spec);
        put(out, "labels", metadata.remove("labels"));
        annotations(metadata, "metadata");
        rest(metadata, "metadata");
        put(out, "concurrency", spec.remove("concurrencyPolicy"));
        Object deadline = spec.remove("startingDeadlineSeconds");
        put(out, "startingDeadline", deadline == null ? null : deadline + "s");
        if (Boolean.TRUE.equals(spec.remove("suspend"))) {
            out.put("paused", true);
        }
        keep(out, spec);
        out.put("job", job(map(spec.remove("jobTemplate"))));
        rest(spec, "spec");
        return out;
    }

    private void timing(Map<String, @Nullable Object> out, Map<String, @Nullable Object> spec) {
        String schedule = String.valueOf(spec.remove("schedule")).strip();
        Object zone = spec.remove("timeZone");
        if (schedule.startsWith("TZ=") || schedule.startsWith("CRON_TZ=")) {
            String[] parts = schedule.split("\\s+", 2);
            zone = parts[0].substring(parts[0].indexOf('=') + 1);
            schedule = parts.length == 2 ? parts[1] : "";
        }
        if (schedule.startsWith("@every ")) {
            out.put("every", schedule.substring("@every ".length()).strip());
            lost.add(
                    "spec.schedule: @every counts from the start of the controller, every from 1970");
        } else {
            out.put("cron", schedule);
        }
        if (zone == null) {
            lost.add("spec.timeZone is not said: UTC, where Kubernetes takes its controller's");
        } else {
            out.put("timeZone", zone);
        }
    }

    private void keep(Map<String, @Nullable Object> out, Map<String, @Nullable Object> spec) {
        Map<String, @Nullable Object> keep = new LinkedHashMap<>();
        Object succeeded = spec.remove("successfulJobsHistoryLimit");
        Object failed = spec.remove("failedJobsHistoryLimit");
        keep.put("succeeded", succeeded == null ? 3 : succeeded);
        keep.put("failed", failed == null ? 1 : failed);
        out.put("keep", keep);
    }

    private Map<String, @Nullable Object> job(Map<String, @Nullable Object> template) {
        Map<String, @Nullable Object> metadata = map(template.remove("metadata"));
        Map<String, @Nullable Object> spec = map(template.remove("spec"));
        Map<String, @Nullable Object> labels = map(metadata.remove("labels"));
        annotations(metadata, "spec.jobTemplate.metadata");
        rest(metadata, "spec.jobTemplate.metadata");
        rest(template, "spec.jobTemplate");
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        SAME.forEach(field -> put(out, field, spec.remove(field)));
        Object retries = spec.remove("backoffLimit");
        out.put("maxRetries", retries == null ? RETRIES_OF_A_JOB : retries);
        Object timeout = spec.remove("activeDeadlineSeconds");
        if (timeout == null) {
            lost.add(
                    "spec.jobTemplate.spec.activeDeadlineSeconds is not said: a run ends after 24h here");
        } else {
            out.put("timeout", timeout + "s");
        }
        if (spec.remove("ttlSecondsAfterFinished") != null) {
            lost.add(
                    "spec.jobTemplate.spec.ttlSecondsAfterFinished: keep, and Windlass's own cleanup");
        }
        pod(out, labels, map(spec.remove("template")));
        put(out, "labels", labels.isEmpty() ? null : labels);
        rest(spec, "spec.jobTemplate.spec");
        return out;
    }

    private void pod(
            Map<String, @Nullable Object> out,
            Map<String, @Nullable Object> labels,
            Map<String, @Nullable Object> template) {
        Map<String, @Nullable Object> metadata = map(template.remove("metadata"));
        labels.putAll(map(metadata.remove("labels")));
        annotations(metadata, "spec.jobTemplate.spec.template.metadata");
        rest(metadata, "spec.jobTemplate.spec.template.metadata");
        Map<String, @Nullable Object> pod = map(template.remove("spec"));
        if ("OnFailure".equals(pod.remove("restartPolicy"))) {
            lost.add(
                    "spec.jobTemplate.spec.template.spec.restartPolicy OnFailure: each retry is a new pod");
        }
        if ("ClusterFirst".equals(pod.get("dnsPolicy"))) {
            pod.remove("dnsPolicy");
        }
        out.put("podSpec", pod);
    }

    private void annotations(Map<String, @Nullable Object> metadata, String where) {
        map(metadata.remove("annotations")).keySet().stream()
                .filter(name -> !ANNOTATIONS_OF_TOOLS.contains(name))
                .forEach(name -> lost.add(where + ".annotations: " + name));
    }

    /** Whatever nobody has taken by now. */
    private void rest(Map<String, @Nullable Object> fields, String where) {
        fields.forEach((field, value) -> {
            if (value != null && !value.equals(false)) {
                lost.add(where + "." + field);
            }
        });
    }

    private static void put(
            Map<String, @Nullable Object> out, String field, @Nullable Object value) {
        if (value != null) {
            out.put(field, value);
        }
    }

    private static Map<String, @Nullable Object> map(@Nullable Object tree) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        if (tree instanceof Map<?, ?> map) {
            map.forEach((key, value) -> out.put(String.valueOf(key), value));
        }
        return out;
    }
}
