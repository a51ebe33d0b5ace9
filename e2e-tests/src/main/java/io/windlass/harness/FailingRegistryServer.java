package io.windlass.harness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.windlass.harness.FailingRegistryAnswer.Drop;
import io.windlass.harness.FailingRegistryAnswer.Forward;
import io.windlass.harness.FailingRegistryAnswer.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Speaks HTTP for {@link FailingRegistryRules}, and fetches from the real registry. */
final class FailingRegistryServer implements AutoCloseable {
    interface Pause {
        void take(Duration duration) throws InterruptedException;
    }

    private static final Logger LOG = System.getLogger(FailingRegistryServer.class.getName());
    private static final int WAITING_CONNECTIONS_LIMIT = 1024;
    private static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(60);
    private static final Set<String> ASKED_HEADERS = Set.of("accept", "range");

    /** Those that belong to one connection; the length is given apart. */
    private static final Set<String> UNCOPIED_HEADERS =
            Set.of("connection", "transfer-encoding", "date", "server", "content-length");

    private final HttpServer server;
    private final URI registry;
    private final FailingRegistryRules rules;
    private final Pause pause;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(REGISTRY_TIMEOUT)
                    .build();

    FailingRegistryServer(
            InetSocketAddress listen, URI registry, FailingRegistryRules rules, Pause pause)
            throws IOException {
        this.registry = registry;
        this.rules = rules;
        this.pause = pause;
        this.server = HttpServer.create(listen, WAITING_CONNECTIONS_LIMIT);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    static FailingRegistryServer start(InetSocketAddress listen, URI registry) throws IOException {
        FailingRegistryRules rules = new FailingRegistryRules(System::nanoTime);
        return new FailingRegistryServer(listen, registry, rules, Thread::sleep);
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        // closed without an answer, it closes the connection
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            FailingRegistryAnswer answer =
                    rules.answer(
                            path,
                            exchange.getRequestHeaders().getFirst("Host"),
                            exchange.getRequestHeaders().containsKey("Authorization"));
            LOG.log(Level.DEBUG, "{0} {1}: {2}", exchange.getRequestMethod(), path, answer);
            switch (answer) {
                case Drop() -> {}
                case Json json -> send(read(exchange), json);
                case Forward forward -> forward(read(exchange), forward);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is not read would cost the connection. */
    private static HttpExchange read(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        return exchange;
    }

    private static void send(HttpExchange exchange, Json answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new TreeMap<>(answer.headers());
        headers.put("Docker-Distribution-Api-Version", "registry/2.0");
        headers.put("Content-Type", "application/json");
        headers.forEach(exchange.getResponseHeaders()::set);
        begin(exchange, answer.status(), body.length);
        if (!isHead(exchange)) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    private void forward(HttpExchange exchange, Forward forward)
            throws IOException, InterruptedException {
        pause.take(forward.after());
        HttpRequest.Builder request =
                HttpRequest.newBuilder(registry.resolve(forward.path()))
                        .timeout(REGISTRY_TIMEOUT)
                        .method(
                                exchange.getRequestMethod(),
                                HttpRequest.BodyPublishers.noBody());
        exchange.getRequestHeaders().forEach((name, values) -> copy(request, name, values));
        HttpResponse<InputStream> response;
        try {
            response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            String message = "the registry " + registry + " does not answer";
            LOG.log(Level.WARNING, message + ": " + e);
            send(exchange, FailingRegistryRules.error(502, Map.of(), "UNAVAILABLE", message));
            return;
        }
        try (InputStream body = response.body()) {
            response.headers()
                    .map()
                    .forEach(
                            (name, values) -> {
                                if (!UNCOPIED_HEADERS.contains(name)) {
                                    exchange.getResponseHeaders().put(name, values);
                                }
                            });
            long length = response.headers().firstValueAsLong("Content-Length").orElse(0);
            begin(exchange, response.statusCode(), length);
            if (!isHead(exchange)) {
                try (OutputStream out = exchange.getResponseBody()) {
                    body.transferTo(out);
                }
            }
        }
    }

    private static void copy(HttpRequest.Builder request, String name, List<String> values) {
        if (ASKED_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            values.forEach(value -> request.header(name, value));
        }
    }

    /** A length of 0 is one that is not known. */
    private static void begin(HttpExchange exchange, int status, long length) throws IOException {
        if (isHead(exchange)) {
            if (length > 0) {
                exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
            }
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, length);
        }
    }

    private static boolean isHead(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("HEAD");
    }

    @Override
    public void close() {
        server.stop(0);
        client.shutdownNow();
        threads.shutdownNow();
    }
}
