package io.windlass.e2e;

import com.sun.net.httpserver.HttpExchange;
import io.windlass.testing.TestQueueServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** The real queue, for those who stand before it: passes a request on, and answers the asker. */
final class QueueUpstream {
    private static final String TARGET = "X-Amz-Target";

    private final URI upstream = TestQueueServer.running().endpoint();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** What is asked for, as SQS names it: {@code AmazonSQS.SendMessageBatch}. */
    static String action(HttpExchange exchange) {
        return String.valueOf(exchange.getRequestHeaders().getFirst(TARGET));
    }

    HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(upstream.resolve(exchange.getRequestURI()))
                        .method(
                                exchange.getRequestMethod(),
                                HttpRequest.BodyPublishers.ofByteArray(body));
        for (String header : List.of("Content-Type", TARGET)) {
            String value = exchange.getRequestHeaders().getFirst(header);
            if (value != null) {
                request.header(header, value);
            }
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }
}
