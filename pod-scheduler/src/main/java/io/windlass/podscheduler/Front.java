package io.windlass.podscheduler;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What is asked of it over HTTP: metrics, and whether it is well. */
final class Front implements AutoCloseable {
    private final HttpServer server;

    Front(int port, Supplier<String> metrics, BooleanSupplier alive, BooleanSupplier ready)
            throws IOException {
        server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        answer("/metrics", () -> true, metrics);
        // where the other services have theirs
        answer("/prometheus", () -> true, metrics);
        answer("/healthz", alive, () -> alive.getAsBoolean() ? "ok" : "a round does not end");
        answer("/readyz", ready, () -> ready.getAsBoolean() ? "ok" : "the cluster is not seen yet");
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(String path, BooleanSupplier good, Supplier<String> body) {
        server.createContext(
                path,
                exchange -> {
                    try (exchange) {
                        byte[] bytes = body.get().getBytes(StandardCharsets.UTF_8);
                        exchange.getResponseHeaders()
                                .add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
                        exchange.sendResponseHeaders(good.getAsBoolean() ? 200 : 503, bytes.length);
                        exchange.getResponseBody().write(bytes);
                    }
                });
    }

    @Override
    public void close() {
        server.stop(1);
    }
}
