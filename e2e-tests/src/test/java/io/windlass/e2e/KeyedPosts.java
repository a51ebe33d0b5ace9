package io.windlass.e2e;

import io.windlass.harness.Api;
import io.windlass.harness.Stack;
import io.windlass.json.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Submissions at a steady rate to all web-servers in turn, each with a key of its own, and every
 * answer as it was: nothing is sent again unless it is asked for.
 */
final class KeyedPosts implements AutoCloseable {
    /**
     * An answer.
     *
     * @param status 0 where none came
     */
    record Answer(int number, Instant sent, int status, Optional<String> retryAfter, String body) {
        boolean accepted() {
            return status == 202;
        }

        String id() {
            return Json.object(body).get("id").toString();
        }

        boolean sentBetween(Instant from, Instant to) {
            return sent.isAfter(from) && sent.isBefore(to);
        }
    }

    private final Stack stack;
    private final Map<String, Object> job;
    private final String key = UUID.randomUUID().toString();
    private final HttpClient http = HttpClient.newHttpClient();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
    private final ScheduledFuture<?> rate;
    private final Phaser underWay = new Phaser(1);
    private final List<Answer> answers = new CopyOnWriteArrayList<>();
    private int sent;

    KeyedPosts(Stack stack, Map<String, Object> job, Duration pace) {
        this.stack = stack;
        this.job = job;
        rate =
                clock.scheduleAtFixedRate(
                        () -> begin(sent++), 0, pace.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void begin(int number) {
        underWay.register();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        answers.add(send(number));
                    } finally {
                        underWay.arriveAndDeregister();
                    }
                });
    }

    private Answer send(int number) {
        Instant now = Instant.now();
        int replicas = stack.services("web-server").size();
        Api api = stack.api(number % replicas);
        HttpRequest request =
                api.submission(
                        Api.with(job, "name", "load-" + number),
                        key + "-" + number,
                        Duration.ofSeconds(60));
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    number,
                    now,
                    answer.statusCode(),
                    answer.headers().firstValue("Retry-After"),
                    answer.body());
        } catch (IOException e) {
            return new Answer(number, now, 0, Optional.empty(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(number, now, 0, Optional.empty(), e.toString());
        }
    }

    List<Answer> answers() {
        return List.copyOf(answers);
    }

    long accepted() {
        return answers.stream().filter(Answer::accepted).count();
    }

    /** No more are sent, and all have been answered. */
    void stop() {
        rate.cancel(false);
        underWay.arriveAndAwaitAdvance();
    }

    /** With the same key: that it was refused must not have stored it, or only once. */
    Answer again(Answer refused) {
        return send(refused.number());
    }

    @Override
    public void close() {
        clock.shutdownNow();
        http.close();
    }
}
