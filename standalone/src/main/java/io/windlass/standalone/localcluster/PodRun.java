package io.windlass.standalone.localcluster;

import io.windlass.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pod on the node, from its binding to its end: init containers in turn, then the others
 * together.
 */
final class PodRun {
    private static final Logger LOG = LoggerFactory.getLogger(PodRun.class);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final ObjectStore store;
    private final Stored pod;
    private final Path directory;
    private final List<ContainerRun> initContainers;
    private final List<ContainerRun> containers;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable Thread thread;

    PodRun(ObjectStore store, Stored pod, Path directory) {
        this.store = store;
        this.pod = pod;
        this.directory = directory;
        this.initContainers = runs("initContainers");
        this.containers = runs("containers");
    }

    private List<ContainerRun> runs(String field) {
        List<ContainerRun> runs = new ArrayList<>();
        if (pod.at("spec", field) instanceof List<?> list) {
            for (Object item : list) {
                runs.add(new ContainerRun(store, pod, Json.asObject(item), directory));
            }
        }
        return runs;
    }

    synchronized void start() {
        thread = Thread.ofVirtual().name("pod-" + pod.name()).start(this::run);
    }

    void awaitEnd(Duration most) throws InterruptedException {
        Thread running;
        synchronized (this) {
            running = thread;
        }
        if (running != null) {
            running.join(most);
        }
    }

    /** As a deletion does it: SIGTERM, and SIGKILL when the grace is over. */
    void terminate() {
        if (stopping.getCount() == 0) {
            return;
        }
        stopping.countDown();
        long grace =
                pod.at("spec", "terminationGracePeriodSeconds") instanceof Number seconds
                        ? seconds.longValue()
                        : 30;
        initContainers.forEach(run -> run.stop(Duration.ofSeconds(grace)));
        containers.forEach(run -> run.stop(Duration.ofSeconds(grace)));
    }

    void kill() {
        stopping.countDown();
        initContainers.forEach(ContainerRun::kill);
        containers.forEach(ContainerRun::kill);
    }

    private void run() {
        try {
            boolean ready = true;
            for (ContainerRun init : initContainers) {
                ready = ready && runOne(init);
            }
            if (ready) {
                List<CompletableFuture<Boolean>> ends = new ArrayList<>();
                for (ContainerRun container : containers) {
                    CompletableFuture<Boolean> end = new CompletableFuture<>();
                    ends.add(end);
                    Thread.startVirtualThread(() -> end.complete(runOne(container)));
                }
                for (CompletableFuture<Boolean> end : ends) {
                    ready &= end.join();
                }
            }
            report(ready ? "Succeeded" : "Failed");
        } catch (ApiException e) {
            LOG.debug("pod {} is no more: {}", pod.name(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("pod {}", pod.name(), e);
        }
    }

    /** True where it ended well. Until it can be started it waits, and says why. */
    private boolean runOne(ContainerRun run) {
        try {
            while (!run.prepare()) {
                report("Pending");
                if (stopping.await(RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
            if (stopping.getCount() == 0) {
                return false;
            }
            if (run.launch()) {
                report(phase());
                run.awaitEnd();
            }
            boolean well = run.endedWell();
            if (!well || containers.size() + initContainers.size() > 1) {
                report(phase());
            }
            return well;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (IOException e) {
            LOG.warn("pod {}", pod.name(), e);
            return false;
        }
    }

    private String phase() {
        return containers.stream().anyMatch(ContainerRun::launched) ? "Running" : "Pending";
    }

    private synchronized void report(String phase) {
        Map<String, @Nullable Object> status = new LinkedHashMap<>();
        status.put("phase", phase);
        status.put("hostIP", "127.0.0.1");
        status.put("conditions", List.of(Map.of("type", "PodScheduled", "status", "True")));
        if (!initContainers.isEmpty()) {
            status.put(
                    "initContainerStatuses",
                    initContainers.stream().map(ContainerRun::status).toList());
        }
        status.put("containerStatuses", containers.stream().map(ContainerRun::status).toList());
        store.update(Kind.POD, pod.namespace(), pod.name(), p -> p.with("status", status));
    }
}
