package io.windlass.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.windlass.harness.Api;
import io.windlass.harness.Cluster;
import io.windlass.harness.Stack;
import io.windlass.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;

/** Submits ways not to start, all at once, and notes what is told of each until it has ended. */
final class FailFastRun {
    /**
     * What became of a way.
     *
     * @param life from the creation of its pod, or of its Job where it has none, to its end
     * @param late the verdict, after the time that the waiting job had told for it
     */
    record Verdict(Way way, Map<String, Object> job, Duration life, Duration late) {
        String told() {
            return job.get("state") + " " + job.get("reason") + ": " + job.get("message");
        }
    }

    private final Stack stack;
    private final Cluster cluster;
    private final Puppets puppets;
    private final Map<String, Way> ways = new LinkedHashMap<>();
    private final Map<String, Instant> podMade = new HashMap<>();
    private final Map<String, Instant> promised = new ConcurrentHashMap<>();

    FailFastRun(Stack stack, Cluster cluster) {
        this.stack = stack;
        this.cluster = cluster;
        this.puppets = new Puppets(cluster.client());
    }

    List<Verdict> of(List<Way> all, Duration most) throws IOException {
        for (Way way : all) {
            Map<String, Object> job =
                    way.job().containsKey("namespace")
                            ? way.job()
                            : Api.with(way.job(), "namespace", cluster.namespace());
            ways.put(stack.api().submit(job), way);
        }
        Awaitility.await("all have ended")
                .atMost(most)
                .pollInterval(Duration.ofMillis(300))
                .ignoreExceptions()
                .until(this::allHaveEnded);
        List<Verdict> verdicts = new ArrayList<>();
        for (Map.Entry<String, Way> one : ways.entrySet()) {
            verdicts.add(verdict(one.getKey(), one.getValue()));
        }
        return verdicts;
    }

    /** No verdict is near. */
    boolean isQuiet(Duration around) {
        Instant now = Instant.now();
        return promised.values().stream()
                .noneMatch(at -> Duration.between(now, at).abs().compareTo(around) < 0);
    }

    private boolean allHaveEnded() throws IOException {
        boolean ended = true;
        Object items = stack.api().call("GET", "/api/v1/jobs?limit=500", null).body().get("items");
        for (Object item : (List<?>) items) {
            Map<String, Object> job = Json.asObject(item);
            String id = job.get("id").toString();
            ended &= !ways.containsKey(id) || job.get("finishedAt") != null;
            if (job.get("waiting") != null) {
                Object at = Json.asObject(job.get("waiting")).get("verdictAt");
                promised.compute(id, (k, v) -> at == null ? null : Instant.parse(at.toString()));
            }
        }
        for (Pod pod :
                cluster.client()
                        .pods()
                        .inAnyNamespace()
                        .withLabel("windlass.io/installation", stack.installation())
                        .list()
                        .getItems()) {
            String id = pod.getMetadata().getLabels().get("windlass.io/job-id");
            podMade.putIfAbsent(id, Instant.parse(pod.getMetadata().getCreationTimestamp()));
            Way way = ways.get(id);
            if (way != null
                    && way.puppet() != null
                    && pod.getMetadata().getDeletionTimestamp() == null) {
                puppets.tell(pod, way.puppet());
            }
        }
        return ended;
    }

    private Verdict verdict(String id, Way way) throws IOException {
        Map<String, Object> job = stack.api().get(id);
        Instant made = podMade.get(id);
        Instant given = null;
        Instant told = promised.get(id);
        for (Map<String, Object> event : stack.api().events(id)) {
            Instant at = Instant.parse(event.get("at").toString());
            String reason = String.valueOf(event.get("reason"));
            if (made == null && (reason.equals("JobCreated") || reason.equals("Admitted"))) {
                made = at;
            }
            // a Job that is refused has the same word for why it waits
            boolean verdict = reason.equals(way.reason()) && (told == null || !at.isBefore(told));
            if (given == null && verdict) {
                given = at;
            }
        }
        Instant end = Instant.parse(job.get("finishedAt").toString());
        return new Verdict(
                way,
                job,
                Duration.between(made == null ? end : made, end),
                told == null || given == null ? Duration.ZERO : Duration.between(told, given));
    }
}
