package io.windlass.web;

import io.windlass.job.Desired;
import io.windlass.job.Progress;
import io.windlass.job.Waiting;
import io.windlass.json.Json;
import io.windlass.store.EventFeed;
import io.windlass.store.Jobs;
import io.windlass.store.QueuedFor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Jobs and events as the API shows them. {@link JobDocument} and {@link EventDocument} describe the
 * same.
 */
final class JobTree {
    private static final String JOBS = "/api/v1/jobs/";

    /** Of what makes the pod, only one of three is given: the others are shown as absent. */
    private static final List<String> SPEC =
            List.of(
                    "name",
                    "namespace",
                    "queue",
                    "cluster",
                    "image",
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

    private JobTree() {}

    static Map<String, @Nullable Object> whole(Jobs.StoredJob job) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        Progress progress = job.progress();
        tree.put("id", job.id().toString());
        SPEC.forEach(field -> tree.put(field, job.spec().get(field)));
        tree.put("unreadable", job.unreadable());
        tree.put("state", progress.state().name());
        tree.put("desired", progress.desired().isRun() ? "RUN" : desired(progress));
        tree.put("reason", progress.reason());
        tree.put("message", progress.message());
        tree.put("exitCode", progress.exitCode());
        tree.put("mayHaveRun", progress.mayHaveRun());
        tree.put("waiting", waiting(job));
        tree.put("attempt", job.pods());
        tree.put("version", job.version());
        tree.put("kubernetes", kubernetes(job));
        tree.put("submittedBy", job.submittedBy());
        tree.put("submittedAt", job.submittedAt().toString());
        tree.put("startedAt", Objects.toString(progress.startedAt(), null));
        tree.put("finishedAt", Objects.toString(progress.finishedAt(), null));
        tree.put("rerunOf", Objects.toString(job.rerunOf(), null));
        tree.put("scheduleId", Objects.toString(job.scheduleId(), null));
        tree.put("plannedAt", Objects.toString(job.plannedAt(), null));
        tree.put("links", links(job));
        return tree;
    }

    /** As in lists: values of variables may be secrets that somebody should not have put there. */
    static Map<String, @Nullable Object> listed(Jobs.StoredJob job) {
        return withoutValues(whole(job));
    }

    /** Of anything that has the fields of a job. */
    static Map<String, @Nullable Object> withoutValues(Map<String, @Nullable Object> job) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>(job);
        tree.replaceAll(JobTree::withoutValues);
        return tree;
    }

    private static @Nullable Object withoutValues(String field, @Nullable Object value) {
        return switch (field) {
            case "env" -> variablesWithoutValues(value);
            case "containers", "initContainers" -> containersWithoutValues(value);
            case "podSpec" ->
                    value instanceof Map<?, ?> pod ? withoutValues(Json.asObject(pod)) : value;
            default -> value;
        };
    }

    private static @Nullable Object containersWithoutValues(@Nullable Object containers) {
        if (!(containers instanceof List<?> list)) {
            return containers;
        }
        List<Object> out = new ArrayList<>();
        for (Object item : list) {
            if (item instanceof Map<?, ?> container) {
                out.add(withoutValues(Json.asObject(container)));
            }
        }
        return out;
    }

    private static @Nullable Object variablesWithoutValues(@Nullable Object env) {
        if (!(env instanceof List<?> list)) {
            return env;
        }
        List<Object> out = new ArrayList<>();
        for (Object item : list) {
            if (item instanceof Map<?, ?> variable) {
                Map<String, @Nullable Object> copy = new LinkedHashMap<>(Json.asObject(variable));
                copy.remove("value");
                out.add(copy);
            }
        }
        return out;
    }

    private static String desired(Progress progress) {
        return progress.desired() instanceof Desired.Cancel ? "CANCEL" : "FAIL";
    }

    private static @Nullable Map<String, @Nullable Object> waiting(Jobs.StoredJob job) {
        Waiting waiting = job.progress().waiting();
        if (waiting == null) {
            return job.queuedFor() == null ? null : queued(job, job.queuedFor());
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("class", waiting.waitClass().name());
        tree.put("message", waiting.message());
        tree.put("since", waiting.since().toString());
        tree.put("verdictAt", Objects.toString(waiting.verdictAt(), null));
        tree.put("object", waiting.object());
        return tree;
    }

    private static Map<String, @Nullable Object> queued(Jobs.StoredJob job, QueuedFor queuedFor) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("class", queuedFor.name());
        tree.put("message", queuedFor.message());
        tree.put("since", job.submittedAt().toString());
        tree.put("verdictAt", null);
        tree.put("object", "cluster " + job.spec().get("cluster"));
        return tree;
    }

    private static @Nullable Map<String, @Nullable Object> kubernetes(Jobs.StoredJob job) {
        if (job.progress().kubernetesName() == null) {
            return null;
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("cluster", job.spec().get("cluster"));
        tree.put("namespace", job.namespace());
        tree.put("name", job.progress().kubernetesName());
        tree.put("uid", job.progress().kubernetesUid());
        return tree;
    }

    private static Map<String, String> links(Jobs.StoredJob job) {
        String self = JOBS + job.id();
        Map<String, String> links = new LinkedHashMap<>();
        links.put("self", self);
        links.put("events", self + "/events");
        links.put("logs", self + "/logs");
        links.put("pods", self + "/pods");
        links.put("manifest", self + "/manifest");
        links.put("rerun", self + "/rerun");
        if (!job.progress().state().terminal()) {
            links.put("cancel", self + "/cancel");
        }
        return links;
    }

    static Map<String, @Nullable Object> event(EventFeed.StoredEvent event) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("cursor", event.seq() == null ? null : Cursors.of(event));
        tree.put("jobId", event.jobId().toString());
        tree.put("version", event.version());
        tree.put("at", event.at().toString());
        tree.put("from", event.from());
        tree.put("to", event.to());
        tree.put("reason", event.reason());
        tree.put("message", event.message());
        tree.put("source", event.source());
        Map<String, @Nullable Object> evidence = new LinkedHashMap<>();
        evidence.put("kind", event.kind());
        evidence.put("name", event.name());
        evidence.put("uid", event.uid());
        evidence.put("resourceVersion", Objects.toString(event.resourceVersion(), null));
        evidence.put("raw", event.raw());
        tree.put("evidence", event.kind() == null ? null : evidence);
        return tree;
    }
}
