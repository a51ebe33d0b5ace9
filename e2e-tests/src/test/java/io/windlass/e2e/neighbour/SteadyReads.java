package io.windlass.e2e.neighbour;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody looks at the lists now and then, also at those of all namespaces. */
final class SteadyReads implements AutoCloseable {
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicInteger answered = new AtomicInteger();
    private final Thread thread;

    SteadyReads(PatientClient client, String namespace, Duration every) {
        List<String> paths =
                List.of(
                        "/api/v1/jobs?limit=100",
                        "/api/v1/jobs?limit=100&namespace=" + namespace,
                        "/api/v1/schedules",
                        "/api/v1/schedules?namespace=" + namespace,
                        "/api/v1/problems",
                        "/api/v1/events?limit=100");
        thread =
                Thread.ofVirtual()
                        .name("reads")
                        .start(() -> {
                            try {
                                int i = 0;
                                while (!over.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                                    client.call("GET", paths.get(i++ % paths.size()), null)
                                            .ifPresent(answer -> answered.incrementAndGet());
                                }
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    int answered() {
        return answered.get();
    }

    @Override
    public void close() {
        over.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
