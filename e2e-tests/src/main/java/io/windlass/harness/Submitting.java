package io.windlass.harness;

import io.windlass.json.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Submissions at a steady rate, over connections that are kept, as clients keep them. What cannot
 * be sent for want of a connection is sent again. A request that is broken off without an answer is
 * a failure, but for so many as are allowed: these are sent again under their key.
 */
public final class Submitting implements AutoCloseable {
    private static final Duration RETRY_LIMIT = Duration.ofMinutes(1);

    private final Api api;
    private final Map<String, Object> job;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
    private final ScheduledFuture<?> rate;
    private final AtomicInteger number = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger notConnected = new AtomicInteger();
    private final AtomicInteger brokenOff = new AtomicInteger();
    private final AtomicInteger mayBreakOff = new AtomicInteger();
    private final String key = UUID.randomUUID().toString();
    private final List<String> accepted = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();

    public Submitting(Api api, Map<String, Object> job, int perSecond) {
        this.api = api;
        this.job = job;
        rate =
                clock.scheduleAtFixedRate(
                        this::submit, 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
    }

    /**
     * From now on. Servers that close idle connections without a word may close one on which a
     * request is on its way.
     */
    public void allowBrokenOff(int requests) {
        mayBreakOff.set(requests);
    }

    private void submit() {
        underWay.incrementAndGet();
        int n = number.incrementAndGet();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        send(n);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (IOException | RuntimeException e) {
                        failures.add("job " + n + ": " + e);
                    } finally {
                        underWay.decrementAndGet();
                    }
                });
    }

    private void send(int n) throws IOException, InterruptedException {
        HttpRequest request =
                api.submission(
                        Api.with(job, "name", "load-" + n), key + "-" + n, Duration.ofSeconds(20));
        Instant until = Instant.now().plus(RETRY_LIMIT);
        while (true) {
            try {
                HttpResponse<String> answer =
                        http.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 202) {
                    accepted.add(Json.object(answer.body()).get("id").toString());
                } else {
                    failures.add("job " + n + ": " + answer.statusCode() + " " + answer.body());
                }
                return;
            } catch (ConnectException | HttpConnectTimeoutException e) {
                notConnected.incrementAndGet();
            } catch (HttpTimeoutException e) {
                throw e;
            } catch (IOException e) {
                brokenOff.incrementAndGet();
                if (mayBreakOff.getAndDecrement() <= 0) {
                    throw e;
                }
            }
            if (Instant.now().isAfter(until)) {
                throw new IOException("nobody takes a connection for " + RETRY_LIMIT);
            }
            Thread.sleep(100);
        }
    }

    public List<String> accepted() {
        return List.copyOf(accepted);
    }

    public List<String> failures() {
        return List.copyOf(failures);
    }

    public int notConnected() {
        return notConnected.get();
    }

    /** Requests that met a connection which was being closed. */
    public int brokenOff() {
        return brokenOff.get();
    }

    /** No more are sent, and all have been answered. */
    public void stop() throws InterruptedException {
        rate.cancel(false);
        while (underWay.get() > 0) {
            Thread.sleep(50);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        http.close();
    }
}
