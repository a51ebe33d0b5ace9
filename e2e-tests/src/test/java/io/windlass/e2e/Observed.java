package io.windlass.e2e;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What clients were told, and when: the only memory of a run that Windlass cannot change. */
final class Observed {
    /** A job as its client means it, and all that may become of it. */
    record Meant(Load.Kind kind, String key, int exitCode) {}

    record Accepted(String jobId, Meant meant, Instant at) {}

    /** An answer of one client about one job; of one client they come in this order. */
    record Answer(int client, String jobId, int version, String state, String reason, Instant at) {}

    record Event(
            String jobId, int version, String from, String to, String reason, Instant received) {}

    private final ConcurrentLinkedQueue<Accepted> accepted = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> cancelAsked = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Event> feed = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();

    void accepted(String jobId, Meant meant) {
        accepted.add(new Accepted(jobId, meant, Instant.now()));
    }

    void answer(int client, Map<String, Object> job) {
        Object reason = job.get("reason");
        answers.add(
                new Answer(
                        client,
                        job.get("id").toString(),
                        Integer.parseInt(job.get("version").toString()),
                        job.get("state").toString(),
                        reason == null ? null : reason.toString(),
                        Instant.now()));
    }

    void cancelAsked(String jobId) {
        cancelAsked.add(jobId);
    }

    void event(Event event) {
        feed.add(event);
    }

    void violation(String what) {
        violations.add(what);
    }

    List<Accepted> accepted() {
        return List.copyOf(accepted);
    }

    List<Answer> answers() {
        return List.copyOf(answers);
    }

    List<String> cancelAsked() {
        return List.copyOf(cancelAsked);
    }

    List<Event> feed() {
        return List.copyOf(feed);
    }

    List<String> violations() {
        return List.copyOf(violations);
    }
}
