package io.windlass.e2e.neighbour;

import io.windlass.harness.Api;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Jobs at a steady rate, each with a client that asks until its job has ended. */
final class SteadyJobs {
    private final PatientClient client;
    private final String namespace;
    private final Map<String, Boolean> ended = new ConcurrentHashMap<>();

    SteadyJobs(PatientClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** From the first POST of each to the answer that it has ended, once all have. */
    Latencies run(String name, int jobs, Duration every) throws InterruptedException {
        Collection<Duration> took = new ConcurrentLinkedQueue<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            String one = name + "-" + i;
            clients.add(Thread.ofVirtual().name(one).start(() -> one(one, took)));
            Pace.await(every);
        }
        for (Thread one : clients) {
            one.join();
        }
        return Latencies.of(took);
    }

    private void one(String name, Collection<Duration> took) {
        Map<String, Object> job = Api.with(Api.simulated(name), "namespace", namespace);
        try {
            long posted = System.nanoTime();
            Optional<String> id = submitted(job);
            if (id.isPresent() && succeeded(id.get(), name)) {
                took.add(Duration.ofNanos(System.nanoTime() - posted));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Under a key: whatever was lost on the way, it is one job. */
    Optional<String> submitted(Map<String, Object> job) throws InterruptedException {
        Optional<String> id =
                client.call(
                                "POST",
                                "/api/v1/jobs",
                                job,
                                "Idempotency-Key",
                                namespace + "-" + job.get("name"))
                        .map(answer -> answer.get("id").toString());
        id.ifPresent(accepted -> ended.put(accepted, false));
        return id;
    }

    boolean succeeded(String id, String name) throws InterruptedException {
        long until = System.nanoTime() + client.patience().toNanos();
        Object state = "nothing";
        while (System.nanoTime() < until) {
            Optional<Map<String, Object>> job =
                    client.call("GET", "/api/v1/jobs/" + id + "?wait=30s", null);
            if (job.isEmpty()) {
                return false;
            }
            state = job.get().get("state");
            if (job.get().get("finishedAt") != null) {
                ended.put(id, true);
                if (!"SUCCEEDED".equals(state)) {
                    client.violation("job %s did not succeed: %s".formatted(name, job.get()));
                }
                return "SUCCEEDED".equals(state);
            }
        }
        client.violation(
                "job %s (%s) is %s %s after it was accepted"
                        .formatted(name, id, state, client.patience()));
        return false;
    }

    /** All that were accepted. */
    Collection<String> ids() {
        return List.copyOf(ended.keySet());
    }
}
