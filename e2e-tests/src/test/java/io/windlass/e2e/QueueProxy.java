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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before the queue and does what real ones do now and then, far more often: messages come
 * twice, late, in another order, or not at all.
 */
final class QueueProxy implements AutoCloseable {
    private static final int LONGEST_DELAY_SECONDS = 12;

    private final HttpServer server;
    private final QueueUpstream queue = new QueueUpstream();
    private final Random random;
    private volatile boolean mischief = true;
    final AtomicInteger lost = new AtomicInteger();
    final AtomicInteger doubled = new AtomicInteger();
    final AtomicInteger delayed = new AtomicInteger();

    QueueProxy(long seed) throws IOException {
        random = new Random(seed);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    void behave() {
        mischief = false;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String action = QueueUpstream.action(exchange);
            if (mischief && action.endsWith(".SendMessageBatch")) {
                sendSome(exchange, parse(body));
                return;
            }
            HttpResponse<byte[]> answer = queue.forward(exchange, body);
            QueueUpstream.answer(exchange, answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendSome(HttpExchange exchange, Map<String, Object> asked)
            throws IOException, InterruptedException {
        List<Map<String, Object>> entries =
                ((List<?>) asked.get("Entries")).stream().map(Json::asObject).toList();
        Map<String, Object> sent = new LinkedHashMap<>(asked);
        List<Map<String, Object>> kept = tampered(entries);
        sent.put("Entries", kept);
        if (!kept.isEmpty()) {
            HttpResponse<byte[]> answer =
                    queue.forward(exchange, Json.write(sent).getBytes(StandardCharsets.UTF_8));
            if (answer.statusCode() != 200) {
                QueueUpstream.answer(exchange, answer.statusCode(), answer.body());
                return;
            }
        }
        // whatever became of them, the sender is told that all is well
        List<Map<String, Object>> told = new ArrayList<>();
        for (Map<String, Object> entry : entries) {
            told.add(
                    Map.of(
                            "Id", entry.get("Id"),
                            "MessageId", entry.get("Id"),
                            "MD5OfMessageBody", md5(entry.get("MessageBody").toString())));
        }
        QueueUpstream.answer(
                exchange,
                200,
                Json.write(Map.of("Successful", told, "Failed", List.of()))
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** Late ones also overtake each other; doubles come only where there is room for them. */
    private List<Map<String, Object>> tampered(List<Map<String, Object>> entries) {
        List<Map<String, Object>> kept = new ArrayList<>();
        List<Map<String, Object>> again = new ArrayList<>();
        for (Map<String, Object> asked : entries) {
            Map<String, Object> entry = new LinkedHashMap<>(asked);
            int dice = roll(100);
            if (dice < 8) {
                lost.incrementAndGet();
                continue;
            }
            if (dice < 30) {
                delayed.incrementAndGet();
                entry.put("DelaySeconds", 1 + roll(LONGEST_DELAY_SECONDS));
            }
            kept.add(entry);
            if (dice >= 85 && entries.size() + again.size() < 10) {
                doubled.incrementAndGet();
                Map<String, Object> twice = new LinkedHashMap<>(entry);
                twice.put("Id", "twice-" + entry.get("Id"));
                twice.put("DelaySeconds", roll(LONGEST_DELAY_SECONDS));
                again.add(twice);
            }
        }
        kept.addAll(again);
        return kept;
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("MD5")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> parse(byte[] body) {
        try {
            return Json.asObject(Json.parse(new String(body, StandardCharsets.UTF_8)));
        } catch (JsonSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private int roll(int sides) {
        synchronized (random) {
            return random.nextInt(sides);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
