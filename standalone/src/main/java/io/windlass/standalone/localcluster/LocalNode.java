package io.windlass.standalone.localcluster;

import com.sun.management.OperatingSystemMXBean;
import io.windlass.json.Json;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one node: takes pods that fit it, and runs their commands as processes of this machine. */
final class LocalNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalNode.class);
    private static final Duration TO_DIE = Duration.ofSeconds(10);
    static final String NAME = "local";
    private static final Map<String, @Nullable Object> LABELS =
            Map.of(
                    "kubernetes.io/hostname", NAME,
                    "kubernetes.io/os", "linux",
                    "type", "local");

    private final ObjectStore store;
    private final Path data;
    private final int mostPods;
    private final Map<String, PodRun> running = new ConcurrentHashMap<>();
    private final ExecutorService scheduler =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("local-node").daemon().factory());

    LocalNode(ObjectStore store, Path data, int mostPods) throws IOException {
        this.store = store;
        this.data = data;
        this.mostPods = mostPods;
        Map<String, @Nullable Object> metadata = ObjectStore.metadata("", NAME);
        metadata.put("labels", LABELS);
        Map<String, @Nullable Object> node = new LinkedHashMap<>();
        node.put("apiVersion", "v1");
        node.put("kind", "Node");
        node.put("metadata", metadata);
        node.put("spec", Map.of());
        Map<String, String> room = room(data, mostPods);
        node.put(
                "status",
                Map.of(
                        "capacity",
                        room,
                        "allocatable",
                        room,
                        "conditions",
                        List.of(
                                Map.of(
                                        "type", "Ready",
                                        "status", "True",
                                        "reason", "LocalNodeReady",
                                        "message", "commands run as processes of this machine"))));
        store.create(new Stored(Kind.NODE, node));
        store.listen(this::changed);
    }

    /** What this machine has; a pod that asks for more could never run here. */
    private static Map<String, String> room(Path data, int mostPods) throws IOException {
        Map<String, String> room = new LinkedHashMap<>();
        room.put("cpu", Integer.toString(Runtime.getRuntime().availableProcessors()));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            room.put("memory", Long.toString(system.getTotalMemorySize()));
        }
        room.put("ephemeral-storage", Long.toString(Files.getFileStore(data).getTotalSpace()));
        room.put("pods", Integer.toString(mostPods));
        return room;
    }

    private void changed(ObjectStore.Change change) {
        Stored pod = change.after();
        if (pod.kind() == Kind.POD) {
            try {
                scheduler.execute(() -> look(change));
            } catch (RejectedExecutionException e) {
                LOG.debug("the node has stopped", e);
            }
        }
    }

    private void look(ObjectStore.Change change) {
        try {
            Stored pod = change.after();
            PodRun run = running.get(pod.uid());
            if (change.gone()) {
                running.remove(pod.uid());
                Path directory = directory(pod.uid());
                Thread.startVirtualThread(() -> forget(run, directory));
                retryPending();
            } else if (run != null) {
                if (pod.deleting()) {
                    run.terminate();
                }
                if (Resources.over(pod)) {
                    running.remove(pod.uid());
                    retryPending();
                }
            } else if (!Resources.over(pod) && !pod.deleting()) {
                place(pod);
            }
        } catch (ApiException e) {
            LOG.debug("{}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("the node stumbled", e);
        }
    }

    private Path directory(String uid) {
        return data.resolve("pods").resolve(uid);
    }

    /** With the pod its logs go. */
    private static void forget(@Nullable PodRun run, Path directory) {
        try {
            if (run != null) {
                run.kill();
                run.awaitEnd(TO_DIE);
            }
            Directories.delete(directory);
        } catch (IOException e) {
            LOG.warn("{} is left behind: {}", directory, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void retryPending() {
        store.list(Kind.POD, null, p -> p.at("spec", "nodeName") == null && !p.deleting())
                .objects()
                .forEach(this::place);
    }

    private void place(Stored pod) {
        Stored fresh = store.find(Kind.POD, pod.namespace(), pod.name()).orElse(null);
        if (fresh == null || fresh.at("spec", "nodeName") != null || fresh.deleting()) {
            return;
        }
        String unfit = unfit(fresh);
        if (unfit != null) {
            store.update(
                    Kind.POD,
                    pod.namespace(),
                    pod.name(),
                    p -> p.with("status", pendingStatus("False", unfit)));
            return;
        }
        Stored bound =
                store.update(
                        Kind.POD,
                        pod.namespace(),
                        pod.name(),
                        p -> {
                            Map<String, @Nullable Object> spec =
                                    new LinkedHashMap<>(Json.asObject(p.at("spec")));
                            spec.put("nodeName", NAME);
                            return p.with("spec", spec).with("status", pendingStatus("True", ""));
                        });
        PodRun run = new PodRun(store, bound, directory(bound.uid()));
        running.put(bound.uid(), run);
        run.start();
    }

    private @Nullable String unfit(Stored pod) {
        if (pod.at("spec", "schedulerName") instanceof String other
                && !other.equals("default-scheduler")) {
            return "the local cluster has no scheduler of the name " + other;
        }
        if (pod.at("spec", "nodeSelector") instanceof Map<?, ?> selector) {
            Map<String, String> wanted = new LinkedHashMap<>();
            selector.forEach(
                    (key, value) -> wanted.put(String.valueOf(key), String.valueOf(value)));
            if (!Selector.matches(LABELS, wanted)) {
                return "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.";
            }
        }
        return running.size() >= mostPods ? "0/1 nodes are available: 1 Too many pods." : null;
    }

    private static Map<String, @Nullable Object> pendingStatus(String scheduled, String message) {
        List<Object> conditions = new ArrayList<>();
        conditions.add(
                Map.of(
                        "type",
                        "PodScheduled",
                        "status",
                        scheduled,
                        "reason",
                        scheduled.equals("True") ? "" : "Unschedulable",
                        "message",
                        message));
        Map<String, @Nullable Object> status = new LinkedHashMap<>();
        status.put("phase", "Pending");
        status.put("conditions", conditions);
        return status;
    }

    /** Kills what still runs: its end is not told, since nobody is left to hear it. */
    @Override
    public void close() {
        scheduler.shutdownNow();
        running.values().forEach(PodRun::kill);
    }
}
