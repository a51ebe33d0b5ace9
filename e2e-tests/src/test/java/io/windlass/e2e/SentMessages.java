package io.windlass.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.windlass.json.Json;
import io.windlass.json.JsonSyntaxException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;

/** Stands before the queue, changes nothing, and counts by kind what was sent. */
final class SentMessages implements AutoCloseable {
    static final String GONE = "messages: JobObserved, gone";

    private static final Set<String> ENDS = Set.of("Complete", "Failed");
    private static final Set<String> OVER = Set.of("Succeeded", "Failed");

    private final HttpServer server;
    private final QueueUpstream queue = new QueueUpstream();
    private final Counts counts;

    SentMessages(Counts counts) throws IOException {
        this.counts = counts;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            HttpResponse<byte[]> answer = queue.forward(exchange, body);
            if (answer.statusCode() == 200) {
                String action = QueueUpstream.action(exchange);
                kinds(action, new String(body, StandardCharsets.UTF_8))
                        .forEach(kind -> counts.add(kind, 1));
            }
            QueueUpstream.answer(exchange, answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of all messages that one call sends; of other calls none. */
    static List<String> kinds(String action, String body) {
        if (action.endsWith(".SendMessage")) {
            // only what cannot be handled is sent by itself
            return List.of("messages: dead letter");
        }
        if (!action.endsWith(".SendMessageBatch")) {
            return List.of();
        }
        List<String> kinds = new ArrayList<>();
        for (Object entry : (List<?>) tree(body).get("Entries")) {
            Map<String, Object> message = tree(Json.asObject(entry).get("MessageBody").toString());
            kinds.add("messages: " + kind(message));
        }
        return kinds;
    }

    private static String kind(Map<String, Object> message) {
        String type = message.get("type").toString();
        Map<String, Object> data = Json.asObject(message.get("data"));
        return switch (type) {
            case "JobObserved" ->
                    type
                            + (Boolean.TRUE.equals(data.get("gone"))
                                    ? ", gone"
                                    : ended(data) ? ", ended" : ", before its end");
            case "PodObserved" ->
                    type + (OVER.contains(data.get("phase")) ? ", over" : ", before its end");
            default -> type;
        };
    }

    private static boolean ended(Map<String, Object> job) {
        return ((List<?>) job.get("conditions"))
                .stream()
                        .map(Json::asObject)
                        .anyMatch(condition ->
                                ENDS.contains(condition.get("type"))
                                        && Boolean.TRUE.equals(condition.get("isTrue")));
    }

    private static Map<String, Object> tree(String text) {
        try {
            return Json.asObject(Json.parse(text));
        } catch (JsonSyntaxException e) {
            throw new IllegalStateException(text, e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
