package io.windlass.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers what a test says, by method and path, and 503 to anything else. */
final class StubApiServer implements AutoCloseable {
    /** What a proxy says, or the default backend of an ingress. */
    static final String HTML = "<html><body>default backend - 404</body></html>";

    private static final Pattern CONTINUE = Pattern.compile("continue=(\\w+)");

    private record Answer(int code, String body) {}

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> queries = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final KubernetesClient client;

    StubApiServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
        Config config =
                new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build();
        client = new KubernetesClientBuilder().withConfig(config).build();
    }

    KubernetesClient client() {
        return client;
    }

    StubApiServer answer(String methodAndPath, int code, String body) {
        answers.put(methodAndPath, new Answer(code, body));
        return this;
    }

    /** Of all requests until now. */
    List<String> queries() {
        return queries;
    }

    static String status(int code, String reason, String kind, String name, String message) {
        return """
        {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"%s",
         %s"details":{"name":"%s","kind":"%s"},"code":%d}
        """
                .formatted(
                        message.replace("\"", "\\\""),
                        reason.isEmpty() ? "" : "\"reason\":\"" + reason + "\",",
                        name,
                        kind,
                        code);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            queries.add(path + "?" + exchange.getRequestURI().getQuery());
            Answer answer = answer(exchange.getRequestMethod() + " " + path, exchange);
            boolean json = answer.body().startsWith("{");
            exchange.getResponseHeaders()
                    .set("Content-Type", json ? "application/json" : "text/html");
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.code(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** A page has an answer of its own where a test says one. */
    private Answer answer(String methodAndPath, HttpExchange exchange) {
        Matcher next = CONTINUE.matcher(String.valueOf(exchange.getRequestURI().getQuery()));
        Answer otherwise = answers.getOrDefault(methodAndPath, new Answer(503, HTML));
        return next.find()
                ? answers.getOrDefault(methodAndPath + "?continue=" + next.group(1), otherwise)
                : otherwise;
    }

    @Override
    public void close() {
        client.close();
        server.stop(0);
        threads.shutdownNow();
    }
}
