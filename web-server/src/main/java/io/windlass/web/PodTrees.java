package io.windlass.web;

import io.windlass.job.PodRecord;
import io.windlass.json.Json;
import io.windlass.store.LogShelf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The pods of a job, from what was stored of them and what a gateway says of them now. */
final class PodTrees {
    private final List<PodRecord> pods;
    private final List<LogShelf.StoredLog> logs;

    PodTrees(List<PodRecord> pods, List<LogShelf.StoredLog> logs) {
        this.pods = pods;
        this.logs = logs;
    }

    List<Map<String, @Nullable Object>> with(@Nullable List<Map<String, @Nullable Object>> live) {
        Map<String, Map<String, @Nullable Object>> now = new LinkedHashMap<>();
        if (live != null) {
            live.forEach(pod -> now.put(String.valueOf(pod.get("uid")), pod));
        }
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        for (PodRecord pod : pods) {
            items.add(item(pod, now.remove(pod.uid())));
        }
        // so new that nothing was stored of them yet
        for (Map<String, @Nullable Object> pod : now.values()) {
            items.add(item(pod));
        }
        return items;
    }

    private Map<String, @Nullable Object> item(
            PodRecord pod, @Nullable Map<String, @Nullable Object> live) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", pod.name());
        tree.put("uid", pod.uid());
        tree.put("attempt", attempt(pod.uid()));
        tree.put("phase", live == null ? pod.phase() : live.get("phase"));
        tree.put("node", pod.node() == null && live != null ? live.get("node") : pod.node());
        tree.put("startedAt", Objects.toString(pod.startedAt(), null));
        tree.put("exitCode", pod.exitCode());
        tree.put("reason", pod.reason());
        tree.put("message", pod.message());
        tree.put("waitsFor", pod.waitClass() == null ? null : pod.waitClass().name());
        tree.put("cause", pod.cause());
        tree.put("containers", containers(pod.uid(), live));
        return tree;
    }

    private Map<String, @Nullable Object> item(Map<String, @Nullable Object> live) {
        String uid = String.valueOf(live.get("uid"));
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", live.get("name"));
        tree.put("uid", uid);
        tree.put("attempt", attempt(uid));
        tree.put("phase", live.get("phase"));
        tree.put("node", live.get("node"));
        tree.put("startedAt", null);
        tree.put("exitCode", null);
        tree.put("reason", live.get("reason"));
        tree.put("message", live.get("message"));
        tree.put("waitsFor", null);
        tree.put("cause", null);
        tree.put("containers", containers(uid, live));
        return tree;
    }

    private @Nullable Integer attempt(String uid) {
        return logs.stream()
                .filter(log -> log.podUid().equals(uid))
                .map(LogShelf.StoredLog::nth)
                .findFirst()
                .orElse(null);
    }

    private List<Map<String, @Nullable Object>> containers(
            String uid, @Nullable Map<String, @Nullable Object> live) {
        Map<Object, Map<String, @Nullable Object>> containers = new LinkedHashMap<>();
        if (live != null && live.get("containers") instanceof List<?> list) {
            for (Object item : list) {
                Map<String, @Nullable Object> container = Json.asObject(item);
                containers.put(
                        Objects.requireNonNullElse(container.get("name"), ""),
                        container(
                                container.get("name"),
                                container.get("init"),
                                container.get("image"),
                                container.get("restarts"),
                                container.get("state")));
            }
        }
        for (LogShelf.StoredLog log : logs) {
            if (log.podUid().equals(uid)) {
                containers
                        .computeIfAbsent(
                                log.container(),
                                name -> container(name, log.init(), null, null, null))
                        .put("log", log(log));
            }
        }
        return List.copyOf(containers.values());
    }

    private static Map<String, @Nullable Object> container(
            @Nullable Object name,
            @Nullable Object init,
            @Nullable Object image,
            @Nullable Object restarts,
            @Nullable Object state) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", name);
        tree.put("init", init);
        tree.put("image", image);
        tree.put("restarts", restarts);
        tree.put("state", state);
        tree.put("log", null);
        return tree;
    }

    private static Map<String, @Nullable Object> log(LogShelf.StoredLog log) {
        Map<String, @Nullable Object> tree = LogTree.receipt(log);
        tree.put(
                "href",
                "/api/v1/jobs/"
                        + log.jobId()
                        + "/logs?attempt="
                        + log.nth()
                        + "&container="
                        + log.container());
        return tree;
    }
}
