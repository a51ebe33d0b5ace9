package io.windlass.e2e.neighbour;

import io.windlass.harness.Api;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Stream;

/** Jobs at a steady rate, each with a client that asks until its job has ended. */
final class SteadyJobs {
    private final PatientClient client;
    private final String namespace;
    private final Map<String, Boolean> ended = new ConcurrentHashMap<>();
    private final Map<String, Stages> stages = new ConcurrentHashMap<>();

    SteadyJobs(PatientClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** When each thing was known of a job, and when its client knew. */
    private record Stages(
            Instant posted,
            Instant accepted,
            Instant submitted,
            Instant started,
            Instant finished,
            Instant answered) {
        private Duration of(Function<Stages, Instant> from, Function<Stages, Instant> to) {
            return Duration.between(from.apply(this), to.apply(this));
        }
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
            Instant postedAt = Instant.now();
            Optional<String> id = submitted(job);
            Instant acceptedAt = Instant.now();
            Optional<Map<String, Object>> end =
                    id.isPresent() ? ended(id.get(), name) : Optional.empty();
            if (end.isPresent()) {
                took.add(Duration.ofNanos(System.nanoTime() - posted));
                stages.put(
                        name,
                        new Stages(
                                postedAt,
                                acceptedAt,
                                at(end.get(), "submittedAt"),
                                at(end.get(), "startedAt", "finishedAt"),
                                at(end.get(), "finishedAt"),
                                Instant.now()));
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

    private static Instant at(Map<String, Object> job, String... firstOf) {
        return Stream.of(firstOf)
                .map(job::get)
                .filter(Objects::nonNull)
                .map(time -> Instant.parse(time.toString()))
                .findFirst()
                .orElseThrow();
    }

    /** What took how long, of the jobs whose names begin so. */
    String stages(String name) {
        return "POST %s; stored to started %s; started to finished %s; finished to answered %s"
                .formatted(
                        of(name, Stages::posted, Stages::accepted),
                        of(name, Stages::submitted, Stages::started),
                        of(name, Stages::started, Stages::finished),
                        of(name, Stages::finished, Stages::answered));
    }

    private String of(String name, Function<Stages, Instant> from, Function<Stages, Instant> to) {
        Latencies all =
                Latencies.of(
                        stages.entrySet().stream()
                                .filter(one -> one.getKey().startsWith(name))
                                .map(one -> one.getValue().of(from, to))
                                .toList());
        return all.sorted().isEmpty()
                ? "nothing"
                : "p50 %d ms, p95 %d ms"
                        .formatted(all.percentile(50).toMillis(), all.percentile(95).toMillis());
    }

    boolean succeeded(String id, String name) throws InterruptedException {
        return ended(id, name).isPresent();
    }

    /** How it was when it had ended; nothing where it did not succeed, which is noted. */
    private Optional<Map<String, Object>> ended(String id, String name)
            throws InterruptedException {
        long until = System.nanoTime() + client.patience().toNanos();
        Object state = "nothing";
        while (System.nanoTime() < until) {
            Optional<Map<String, Object>> job =
                    client.call("GET", "/api/v1/jobs/" + id + "?wait=30s", null);
            if (job.isEmpty()) {
                return Optional.empty();
            }
            state = job.get().get("state");
            if (job.get().get("finishedAt") != null) {
                ended.put(id, true);
                if (!"SUCCEEDED".equals(state)) {
                    client.violation("job %s did not succeed: %s".formatted(name, job.get()));
                }
                return job.filter(j -> "SUCCEEDED".equals(j.get("state")));
            }
        }
        client.violation(
                "job %s (%s) is %s %s after it was accepted"
                        .formatted(name, id, state, client.patience()));
        return Optional.empty();
    }

    /** All that were accepted. */
    Collection<String> ids() {
        return List.copyOf(ended.keySet());
    }
}
