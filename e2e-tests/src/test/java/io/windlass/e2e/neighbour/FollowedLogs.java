package io.windlass.e2e.neighbour;

import io.windlass.harness.Api;
import io.windlass.harness.LogClient;
import io.windlass.harness.LogStack;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Jobs on a real node that write lines for a while, each with a reader that reads along. */
final class FollowedLogs {
    private static final int LINES_A_SECOND = 5;

    private final PatientClient client;
    private final SteadyJobs jobs;
    private final String namespace;
    private final int seconds;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger whole = new AtomicInteger();

    /** So many jobs, one each so often, that write for so many seconds. */
    FollowedLogs(
            PatientClient client,
            SteadyJobs jobs,
            String namespace,
            int count,
            Duration every,
            int seconds) {
        this.client = client;
        this.jobs = jobs;
        this.namespace = namespace;
        this.seconds = seconds;
        for (int i = 0; i < count; i++) {
            String name = "writes-" + i;
            Duration wait = every.multipliedBy(i);
            threads.add(
                    Thread.ofVirtual()
                            .name(name)
                            .start(() -> {
                                try {
                                    Pace.await(wait);
                                    one(name);
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            }));
        }
    }

    private void one(String name) throws InterruptedException {
        Map<String, Object> job =
                Api.with(Api.job(name, "sh", "-c", script()), "namespace", namespace);
        Optional<String> id = jobs.submitted(job);
        if (id.isPresent()) {
            Thread reader = Thread.ofVirtual().start(() -> readWhole(id.get(), name));
            jobs.succeeded(id.get(), name);
            reader.join();
        }
    }

    private String script() {
        return "s=0; while [ $s -lt %d ]; do for n in $(seq 1 %d); do echo second $s line $n; done; s=$((s+1)); sleep 1; done%s"
                .formatted(seconds, LINES_A_SECOND, LogStack.ENDING);
    }

    static byte[] written(int seconds) {
        StringBuilder lines = new StringBuilder();
        for (int s = 0; s < seconds; s++) {
            for (int n = 1; n <= LINES_A_SECOND; n++) {
                lines.append("second ").append(s).append(" line ").append(n).append('\n');
            }
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Whoever is refused or cut off begins anew: all of it is kept. */
    private void readWhole(String id, String name) {
        long until = System.nanoTime() + client.patience().toNanos();
        String expected = LogClient.sha256(written(seconds));
        String last = "nothing";
        try {
            while (System.nanoTime() < until) {
                long left = Math.max(1, until - System.nanoTime());
                try {
                    LogClient.Whole read =
                            LogClient.followWhole(
                                            client.api().url(),
                                            client.stack().token(),
                                            id,
                                            (offset, buffer, count) -> {})
                                    .get(left, TimeUnit.NANOSECONDS);
                    if (read.sha256().equals(expected)) {
                        whole.incrementAndGet();
                    } else {
                        client.violation(
                                "the log of %s (%s) is not what it wrote: %s"
                                        .formatted(name, id, read));
                    }
                    return;
                } catch (ExecutionException | TimeoutException e) {
                    last = e.toString();
                    Pace.await(Duration.ofSeconds(1));
                }
            }
            client.violation("the log of %s (%s) cannot be read: %s".formatted(name, id, last));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until all have ended and been read; how many were read to their last byte. */
    int awaitAll() throws InterruptedException {
        for (Thread one : threads) {
            one.join();
        }
        return whole.get();
    }
}
