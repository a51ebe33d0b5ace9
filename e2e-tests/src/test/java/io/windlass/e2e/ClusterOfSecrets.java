package io.windlass.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.windlass.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** As much of an API server as {@code helm} asks before it installs: Secrets and ConfigMaps. */
final class ClusterOfSecrets implements AutoCloseable {
    private static final Map<String, Object> KINDS =
            Map.of(
                    "kind",
                    "APIResourceList",
                    "groupVersion",
                    "v1",
                    "resources",
                    List.of(
                            resource("secrets", "Secret", true),
                            resource("configmaps", "ConfigMap", true),
                            resource("namespaces", "Namespace", false)));

    private final HttpServer server;
    private final Map<String, Object> objects = new ConcurrentHashMap<>();
    private final Queue<String> writes = new ConcurrentLinkedQueue<>();

    ClusterOfSecrets() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        objects.put("/version", Map.of("major", "1", "minor", "36", "gitVersion", "v1.36.0"));
        objects.put("/api", Map.of("kind", "APIVersions", "versions", List.of("v1")));
        objects.put(
                "/apis", Map.of("kind", "APIGroupList", "apiVersion", "v1", "groups", List.of()));
        objects.put("/api/v1", KINDS);
        objects.put(
                "/api/v1/namespaces/kube-system",
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Namespace",
                        "metadata",
                        Map.of("name", "kube-system")));
    }

    private static Map<String, Object> resource(String name, String kind, boolean namespaced) {
        return Map.of(
                "name", name, "kind", kind, "namespaced", namespaced, "verbs", List.of("get"));
    }

    void secret(String namespace, String name, String... keys) {
        String value = Base64.getEncoder().encodeToString("x".getBytes(StandardCharsets.UTF_8));
        put(namespace, "Secret", name, List.of(keys), value);
    }

    void configMap(String namespace, String name, String... keys) {
        put(namespace, "ConfigMap", name, List.of(keys), "x");
    }

    private void put(String namespace, String kind, String name, List<String> keys, String value) {
        String path = kind.equals("Secret") ? "secrets" : "configmaps";
        objects.put(
                "/api/v1/namespaces/%s/%s/%s".formatted(namespace, path, name),
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        kind,
                        "metadata",
                        Map.of("name", name, "namespace", namespace),
                        "data",
                        keys.stream().collect(Collectors.toMap(key -> key, _ -> value))));
    }

    /** What somebody wanted to make or change. */
    List<String> writes() {
        return List.copyOf(writes);
    }

    /** A kubeconfig that leads here. */
    Path kubeconfig(Path folder) throws IOException {
        return Files.writeString(
                folder.resolve("kubeconfig"),
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: test, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: test, user: {}}]
                contexts: [{name: test, context: {cluster: test, user: test}}]
                current-context: test
                """
                        .formatted(server.getAddress().getPort()));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (!exchange.getRequestMethod().equals("GET")) {
            writes.add(exchange.getRequestMethod() + " " + path);
        }
        exchange.getRequestBody().readAllBytes();
        Object object = objects.get(path);
        Object said =
                object == null
                        ? Map.of(
                                "kind", "Status",
                                "apiVersion", "v1",
                                "status", "Failure",
                                "reason", "NotFound",
                                "code", 404)
                        : object;
        byte[] body = Json.write(said).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(object == null ? 404 : 200, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
