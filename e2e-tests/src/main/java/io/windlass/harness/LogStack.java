package io.windlass.harness;

import io.windlass.json.Json;
import io.windlass.testing.TestCluster;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;

/** All of Windlass with two gateways, on the real cluster, and what tests of logs ask of it. */
public final class LogStack {
    public static final Duration SOON = Duration.ofMinutes(2);

    /** Of each log; what is between is left out. */
    public static final long HEAD = 1 << 20;

    public static final long TAIL = 2 << 20;

    /** containerd 1.6 loses the end of what a container writes that ends at once. */
    public static final String ENDING = "; sleep 1";

    private final Cluster cluster;
    private final Stack stack;

    public LogStack(Map<String, String> more) throws Exception {
        Path kubeconfig = TestCluster.kubeconfig().orElseThrow();
        cluster = Cluster.of(kubeconfig);
        Map<String, String> settings = new HashMap<>(more);
        settings.put("WINDLASS_CLEANUP_KEEP_FAILED", "0s");
        settings.put("WINDLASS_CLUSTER_NAMESPACES", cluster.namespace());
        settings.put("WINDLASS_LOGS_KEEP_HEAD", "1MB");
        settings.put("WINDLASS_LOGS_KEEP_TAIL", "2MB");
        // as shipped: here nodes are asked that have logs
        settings.put("WINDLASS_LOGS_GIVE_UP", "2m");
        stack = new Stack(kubeconfig, settings);
    }

    public Api api() {
        return stack.api();
    }

    public Stack stack() {
        return stack;
    }

    public Cluster cluster() {
        return cluster;
    }

    public Map<String, Object> job(String name, String script) {
        return Api.with(Api.job(name, "sh", "-c", script), "namespace", cluster.namespace());
    }

    public List<Map<String, Object>> pods(String id) throws IOException {
        return ((List<?>)
                        stack.api()
                                .call("GET", "/api/v1/jobs/" + id + "/pods", null)
                                .body()
                                .get("items"))
                .stream().map(Json::asObject).toList();
    }

    public Map<String, Object> receipt(String id) throws IOException {
        for (Map<String, Object> pod : pods(id)) {
            for (Object container : (List<?>) pod.get("containers")) {
                Object log = Json.asObject(container).get("log");
                if (log != null) {
                    return Json.asObject(log);
                }
            }
        }
        return Map.of();
    }

    public Map<String, Object> closed(String id) {
        return Awaitility.await("the receipt of " + id)
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> receipt(id), log -> log.get("closedAt") != null);
    }

    public static long number(Map<String, Object> tree, String field) {
        return ((Number) tree.get(field)).longValue();
    }

    private String url() {
        return "http://127.0.0.1:" + stack.services("web-server").getFirst().port();
    }

    public byte[] get(String path) throws IOException {
        return LogClient.get(url(), stack.token(), path);
    }

    public byte[] read(String id, String query) throws IOException {
        return LogClient.all(url(), stack.token(), id, query);
    }

    public CompletableFuture<LogClient.Read> follow(String id, String more) {
        return LogClient.follow(url(), stack.token(), id, "?follow=true" + more);
    }

    public static double metric(int port, String name) throws IOException {
        try (InputStream in =
                URI.create("http://127.0.0.1:" + port + "/prometheus").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(
                            line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    public void close() throws Exception {
        Figures.print();
        stack.close();
        cluster.close();
    }
}
