package io.windlass.harness;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** Windlass as pods of a cluster, in one namespace, with jobs in another. */
public record Deployed(Kubectl kubectl, Api api, String jobs) {
    public static final Duration READY = Duration.ofMinutes(3);

    /** Where a load is on the same machine. */
    private static final Duration ROLLOUT_LIMIT = Duration.ofMinutes(6);

    /** How long it took from now until everything that should run runs, and is ready. */
    public Duration awaitReady() {
        Instant begun = Instant.now();
        Awaitility.await("all is rolled out in " + kubectl.namespace())
                .atMost(ROLLOUT_LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreException(IOException.class)
                .until(
                        () ->
                                Rollouts.unready(
                                        kubectl.run(
                                                "get",
                                                "statefulsets,deployments,pods",
                                                "-o",
                                                "json")),
                        List::isEmpty);
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
                .pollDelay(Duration.ZERO)
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
                // most of a load have ended when they are asked for
                .pollDelay(Duration.ZERO)
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

    /**
     * One pod of each Deployment, all at the same moment and without a warning; then a job, when
     * all is ready again.
     *
     * @return from the kill to the end of that job
     */
    public Duration killOneOfEachDeployment(Map<String, Object> job)
            throws IOException, InterruptedException {
        List<String> pods = kubectl.names("pods");
        List<String> kill = new ArrayList<>(List.of("delete", "pod"));
        for (String deployment : kubectl.names("deployment")) {
            kill.add(
                    pods.stream()
                            .filter(pod -> pod.matches(deployment + "-[a-z0-9]+-[a-z0-9]{5}"))
                            .findFirst()
                            .orElseThrow(() -> new IOException("no pod of " + deployment)));
        }
        kill.addAll(List.of("--grace-period=0", "--force", "--ignore-not-found"));
        Instant begun = Instant.now();
        kubectl.run(kill.toArray(String[]::new));
        awaitReady();
        Map<String, Object> end = awaitEnd(submit(job));
        if (!"SUCCEEDED".equals(end.get("state"))) {
            throw new IllegalStateException("a pod of each Deployment was killed, and " + end);
        }
        return Duration.between(begun, Instant.now());
    }
}
