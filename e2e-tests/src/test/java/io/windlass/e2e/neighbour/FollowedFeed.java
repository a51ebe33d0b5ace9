package io.windlass.e2e.neighbour;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Follows the feed as a stream, from its beginning, and goes on where it was cut off. */
final class FollowedFeed implements AutoCloseable {
    private final PatientClient client;
    private final FeedHistory history = new FeedHistory();
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicInteger streams = new AtomicInteger();
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
    private final Thread thread;

    FollowedFeed(PatientClient client) {
        this.client = client;
        this.thread = Thread.ofVirtual().name("feed").start(this::follow);
    }

    private void follow() {
        try {
            do {
                stream();
            } while (!over.await(1, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stream() throws InterruptedException {
        String cursor = history.cursor();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(client.api().url() + "/api/v1/events"))
                        .header("Authorization", "Bearer " + client.stack().token())
                        .header("Accept", "text/event-stream");
        if (!cursor.isEmpty()) {
            request.header("Last-Event-ID", cursor);
        }
        try {
            HttpResponse<Stream<String>> answer =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofLines());
            try (Stream<String> lines = answer.body()) {
                if (answer.statusCode() == 200) {
                    streams.incrementAndGet();
                    lines.forEach(history::line);
                } else if (!PatientClient.mayBeSentAgain(answer.statusCode())) {
                    client.violation(
                            "the feed after '%s' was answered %d"
                                    .formatted(cursor, answer.statusCode()));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // cut off: it goes on from where it was
            return;
        }
    }

    FeedHistory history() {
        return history;
    }

    /** How often it was begun, or begun again. */
    int streams() {
        return streams.get();
    }

    @Override
    public void close() {
        over.countDown();
        thread.interrupt();
        http.shutdownNow();
    }
}
