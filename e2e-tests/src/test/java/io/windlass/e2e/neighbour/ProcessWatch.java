package io.windlass.e2e.neighbour;

import io.windlass.harness.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Does to processes what a kubelet does to containers: begins them again where they ended, and
 * notes where it would have killed them, for their memory or since they did not say that they live.
 */
final class ProcessWatch implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(250);

    /** As in the chart. */
    private static final Duration PROBE = Duration.ofSeconds(10);

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(5);
    private static final int FAILED_PROBES = 6;

    private static final class Seen {
        private long pid;
        private long most;
        private boolean tooMuch;
        private int failedProbes;
        private int mostFailedProbes;
    }

    private final Map<Service, Seen> seen = new LinkedHashMap<>();
    private final ToLongFunction<String> limits;
    private final List<String> violations = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    /** In bytes, by module. */
    ProcessWatch(List<Service> services, ToLongFunction<String> limits) {
        this.limits = limits;
        services.forEach(service -> {
            Seen now = new Seen();
            now.pid = service.process().pid();
            seen.put(service, now);
        });
        threads.add(Thread.ofPlatform().name("process-watch").start(this::look));
        services.forEach(service ->
                threads.add(Thread.ofVirtual().name("probe").start(() -> probe(service))));
    }

    private void look() {
        try {
            while (!over.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                lookAtAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            violation("the processes cannot be watched: " + e);
        }
    }

    private synchronized void lookAtAll() throws IOException {
        for (Map.Entry<Service, Seen> one : seen.entrySet()) {
            Service service = one.getKey();
            Seen now = one.getValue();
            if (service.startedAgainIfDead()) {
                violation("%s %d ended%s".formatted(service.module(), now.pid, why(service.log())));
                now.pid = service.process().pid();
            }
            long bytes = memory(now.pid);
            now.most = Math.max(now.most, bytes);
            if (bytes > limits.applyAsLong(service.module()) && !now.tooMuch) {
                now.tooMuch = true;
                violation(
                        "%s %d would have been killed: it takes %d MiB"
                                .formatted(service.module(), now.pid, bytes >> 20));
            }
        }
    }

    private static String why(Path log) throws IOException {
        return Files.readString(log, StandardCharsets.ISO_8859_1).contains("OutOfMemoryError")
                ? " for want of memory"
                : "";
    }

    /** What cannot be given back when memory is short; 0 of a process that is gone. */
    static long memory(long pid) throws IOException {
        try {
            return memory(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
        } catch (IOException e) {
            if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()) {
                throw e;
            }
            return 0;
        }
    }

    static long memory(String status) {
        return status.lines()
                .filter(line -> line.startsWith("RssAnon:") || line.startsWith("RssShmem:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .sum();
    }

    private void probe(Service service) {
        HttpRequest liveness =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:" + service.port() + "/health/liveness"))
                        .timeout(PROBE_TIMEOUT)
                        .build();
        try {
            while (!over.await(PROBE.toMillis(), TimeUnit.MILLISECONDS)) {
                probed(service, lives(liveness));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean lives(HttpRequest liveness) throws InterruptedException {
        try {
            return http.send(liveness, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private synchronized void probed(Service service, boolean lives) {
        Seen now = seen.get(service);
        if (now == null) {
            throw new IllegalStateException("not watched: " + service.module());
        }
        now.failedProbes = lives ? 0 : now.failedProbes + 1;
        now.mostFailedProbes = Math.max(now.mostFailedProbes, now.failedProbes);
        if (now.failedProbes == FAILED_PROBES) {
            violation(
                    "%s %d would have been started again: %d probes failed in a row"
                            .formatted(service.module(), now.pid, FAILED_PROBES));
        }
    }

    private synchronized void violation(String what) {
        violations.add(what);
    }

    /** Looks once more. */
    synchronized List<String> violations() throws IOException {
        lookAtAll();
        List<String> all = new ArrayList<>(violations);
        seen.forEach((service, now) -> {
            if (now.most == 0) {
                all.add("the memory of %s is not known".formatted(service.module()));
            }
        });
        return all;
    }

    /** The most memory that any process of each module took. */
    synchronized Map<String, Long> most() {
        Map<String, Long> most = new LinkedHashMap<>();
        seen.forEach((service, now) -> most.merge(service.module(), now.most, Math::max));
        return most;
    }

    /** Of any process. */
    synchronized int mostFailedProbes() {
        return seen.values().stream().mapToInt(now -> now.mostFailedProbes).max().orElse(0);
    }

    @Override
    public void close() {
        over.countDown();
        http.shutdownNow();
        try {
            for (Thread thread : threads) {
                // or it would begin again what is stopped on purpose
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
