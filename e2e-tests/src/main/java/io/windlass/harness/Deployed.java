package io.windlass.harness;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** Windlass as pods of a cluster, in one namespace, with jobs in another. */
public record Deployed(Kubectl kubectl, Api api, String jobs) {
    public static final Duration READY = Duration.ofMinutes(3);

    /** How long it took from now until everything that should run runs, and is ready. */
    public Duration awaitReady() throws IOException, InterruptedException {
        Instant begun = Instant.now();
        for (String kind : List.of("statefulset", "deployment")) {
            for (String name : kubectl.names(kind)) {
                kubectl.run("rollout", "status", kind + "/" + name, "--timeout=180s");
            }
        }
        return Duration.between(begun, Instant.now());
    }

    public Map<String, Object> job(String name, String... command) {
        return Api.with(Api.job(name, command), "namespace", jobs);
    }

    /** Whoever is away for a moment is asked again, as any client would. */
    public String submit(Map<String, Object> job) {
        String key = job.get("name") + "-" + System.nanoTime();
        return Awaitility.await("somebody takes the job")
                .atMost(Duration.ofMinutes(2))
                .ignoreException(ConnectException.class)
                .ignoreException(IOException.class)
                .until(
                        () -> api.call("POST", "/api/v1/jobs", job, "Idempotency-Key", key),
                        answer -> answer.status() == 202 || answer.status() == 200)
                .body()
                .get("id")
                .toString();
    }

    public Map<String, Object> awaitEnd(String id) {
        return awaitEnd(id, Duration.ofMinutes(3));
    }

    public Map<String, Object> awaitEnd(String id, Duration most) {
        return Awaitility.await("job " + id + " ends")
                .atMost(most)
                .ignoreException(IOException.class)
                .until(
                        () -> api.call("GET", "/api/v1/jobs/" + id + "?wait=10s", null).body(),
                        job -> job.get("finishedAt") != null);
    }

    /** One pod after the other, without a warning; after each a job that nobody waits long for. */
    public Duration killEachPod(Map<String, Object> job) throws IOException, InterruptedException {
        Duration longest = Duration.ZERO;
        for (String pod : kubectl.names("pods")) {
            Instant begun = Instant.now();
            kubectl.run("delete", "pod", pod, "--grace-period=0", "--force", "--ignore-not-found");
            Map<String, Object> end = awaitEnd(submit(job));
            if (!"SUCCEEDED".equals(end.get("state"))) {
                throw new IllegalStateException(pod + " was killed, and " + end);
            }
            Duration took = Duration.between(begun, Instant.now());
            longest = took.compareTo(longest) > 0 ? took : longest;
            awaitReady();
        }
        return longest;
    }
}
