package io.windlass.standalone.localcluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.windlass.json.Json;
import io.windlass.json.JsonSyntaxException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP side, on loopback, for who brings the token. */
final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final int LARGEST_BODY = 3 * 1024 * 1024;

    private final Resources resources;
    private final WatchStreams watches;
    private final LogStreams logs;
    private final String authorization;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    ApiServer(Resources resources, WatchStreams watches, LogStreams logs, String token)
            throws IOException {
        this.resources = resources;
        this.watches = watches;
        this.logs = logs;
        this.authorization = "Bearer " + token;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) {
        try (exchange) {
            try {
                answer(exchange);
            } catch (ApiException e) {
                json(exchange, e.code(), e.status());
            } catch (JsonSyntaxException e) {
                ApiException bad = new ApiException(400, "BadRequest", e.getMessage() + "");
                json(exchange, bad.code(), bad.status());
            } catch (RuntimeException e) {
                LOG.warn("{} {}", exchange.getRequestMethod(), exchange.getRequestURI(), e);
                ApiException failed = new ApiException(500, "InternalError", e.toString());
                json(exchange, failed.code(), failed.status());
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("a client went away: {}", e.toString());
        }
    }

    private void answer(HttpExchange exchange) throws IOException, JsonSyntaxException {
        if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            throw new ApiException(401, "Unauthorized", "Unauthorized");
        }
        String path = exchange.getRequestURI().getPath();
        if ("websocket".equals(exchange.getRequestHeaders().getFirst("Upgrade"))) {
            // clients fall back to a plain stream at once; after a 503 they first try for 20 s
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        Map<String, @Nullable Object> discovered = Discovery.at(path);
        if (discovered != null) {
            json(exchange, 200, discovered);
            return;
        }
        Target target = Target.of(path);
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        switch (exchange.getRequestMethod()) {
            case "GET" -> get(exchange, target, query);
            case "POST" -> json(exchange, 201, resources.create(target, object(body(exchange))));
            case "PUT" -> json(exchange, 200, resources.replace(target, object(body(exchange))));
            case "PATCH" ->
                    json(
                            exchange,
                            200,
                            resources.patch(
                                    target, contentType(exchange), Json.parse(body(exchange))));
            case "DELETE" -> delete(exchange, target, query);
            default -> throw new ApiException(405, "MethodNotAllowed", "method not allowed");
        }
    }

    private void get(HttpExchange exchange, Target target, Map<String, String> query)
            throws IOException {
        if (target.subresource().equals("log")) {
            logs.stream(exchange, target, query);
        } else if (isTrue(query.get("watch")) && target.name() == null) {
            watches.stream(exchange, target, query);
        } else if (target.name() == null) {
            json(exchange, 200, resources.list(target, query));
        } else {
            json(exchange, 200, resources.get(target));
        }
    }

    private void delete(HttpExchange exchange, Target target, Map<String, String> query)
            throws IOException, JsonSyntaxException {
        byte[] body = body(exchange);
        Map<String, @Nullable Object> options =
                new LinkedHashMap<>(body.length == 0 ? Map.of() : object(body));
        for (String option : List.of("propagationPolicy", "gracePeriodSeconds")) {
            if (query.containsKey(option)) {
                options.put(option, query.get(option));
            }
        }
        json(exchange, 200, resources.delete(target, query, options));
    }

    private static Map<String, @Nullable Object> object(byte[] body) throws JsonSyntaxException {
        return Json.asObject(Json.parse(body));
    }

    private static boolean isTrue(@Nullable String flag) {
        return "true".equals(flag) || "1".equals(flag);
    }

    private static String contentType(HttpExchange exchange) {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        return type == null ? "" : type.split(";", 2)[0].strip();
    }

    private static byte[] body(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            throw new ApiException(413, "RequestEntityTooLarge", "the body is too large");
        }
        return body;
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                String[] parts = pair.split("=", 2);
                query.put(
                        URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                        parts.length == 1
                                ? ""
                                : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    static void json(HttpExchange exchange, int code, Map<String, @Nullable Object> tree)
            throws IOException {
        byte[] body = Json.write(tree).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
