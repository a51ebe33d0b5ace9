package io.windlass.benchmarks;

import io.fabric8.kubernetes.api.model.Pod;
import io.windlass.harness.Api;
import io.windlass.harness.AuditLog;
import io.windlass.harness.Cluster;
import io.windlass.harness.Stack;
import io.windlass.harness.Told;
import io.windlass.json.Json;
import io.windlass.json.JsonSyntaxException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * From the moment at which the API server receives the status that no pod ever recovers from, as
 * its audit log has it, to the answer of a GET that waits for the job's end.
 */
final class VerdictBench {
    private static final Pattern STATUS_OF_A_POD =
            Pattern.compile("/api/v1/namespaces/[^/]+/pods/([^/]+)/status.*");

    private VerdictBench() {}

    static void run(Stack stack, Path kubeconfig, Path audit, Scale scale, Results results)
            throws Exception {
        for (int atOnce : new int[] {1, 5}) {
            run(stack, kubeconfig, audit, scale, atOnce, results);
        }
    }

    private static void run(
            Stack stack, Path kubeconfig, Path audit, Scale scale, int atOnce, Results results)
            throws Exception {
        Map<String, Instant> answered = new ConcurrentHashMap<>();
        Map<String, Instant> told;
        try (Cluster cluster = Cluster.of(kubeconfig);
                ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < scale.samples(); i++) {
                all.add(threads.submit(() -> one(stack, cluster, answered)));
            }
            for (Future<?> one : all) {
                one.get();
            }
            told = toldAt(audit, cluster.namespace());
        }
        Timings timings = new Timings();
        answered.forEach((pod, at) -> {
            if (told.containsKey(pod)) {
                timings.add(Duration.between(told.get(pod), at).toNanos());
            }
        });
        if (timings.count() != scale.samples()) {
            throw new IllegalStateException(
                    "of " + scale.samples() + " the audit log knows " + timings.count());
        }
        results.put(
                "from the status `InvalidImageName`, as the audit log has it, to the answer of a waiting GET ("
                        + timings.count()
                        + " jobs, "
                        + atOnce
                        + " at once)",
                "p50 %.0f ms, p95 %.0f ms, p99 %.0f ms"
                        .formatted(timings.millis(50), timings.millis(95), timings.millis(99)));
        String name = "status to answer, " + atOnce + " at once";
        results.percentile(name, 50, timings);
        results.percentile(name, 95, timings);
    }

    private static Void one(Stack stack, Cluster cluster, Map<String, Instant> answered)
            throws Exception {
        Map<String, Object> job = Api.with(Api.job("never", "true"), "schedulerName", "nobody");
        String id = stack.api().submit(Api.with(job, "namespace", cluster.namespace()));
        Pod pod =
                Awaitility.await("its pod is there")
                        .atMost(Duration.ofMinutes(1))
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> podOf(cluster, id), found -> found != null);
        Thread waiter =
                Thread.startVirtualThread(() -> {
                    try {
                        Map<String, Object> end = stack.api().awaitEnd(id, Duration.ofMinutes(1));
                        if ("IMAGE_NAME_INVALID".equals(end.get("reason"))) {
                            answered.put(pod.getMetadata().getName(), Instant.now());
                        }
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                });
        Told.show(cluster.client(), pod, Told.waiting("InvalidImageName", "no name"));
        waiter.join();
        return null;
    }

    private static Pod podOf(Cluster cluster, String id) {
        return cluster
                .client()
                .pods()
                .inNamespace(cluster.namespace())
                .withLabel("windlass.io/job-id", id)
                .list()
                .getItems()
                .stream()
                .findFirst()
                .orElse(null);
    }

    private static Map<String, Instant> toldAt(Path audit, String namespace) throws IOException {
        Map<String, Instant> told = new ConcurrentHashMap<>();
        AuditLog.forEachLine(
                audit,
                line -> {
                    if (line.contains("/namespaces/" + namespace + "/pods/")
                            && line.contains("/status")
                            && line.contains("\"verb\":\"p")) {
                        note(line, told);
                    }
                });
        return told;
    }

    private static void note(String line, Map<String, Instant> told) {
        try {
            Map<String, Object> event = Json.asObject(Json.parse(line));
            Matcher pod = STATUS_OF_A_POD.matcher(event.get("requestURI").toString());
            if (pod.matches()) {
                Instant at = Instant.parse(event.get("requestReceivedTimestamp").toString());
                told.putIfAbsent(pod.group(1), at);
            }
        } catch (JsonSyntaxException e) {
            throw new IllegalStateException(line, e);
        }
    }
}
