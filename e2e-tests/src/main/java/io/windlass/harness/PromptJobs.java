package io.windlass.harness;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs programs that end at once, and tells when each was asked for, seen to end and answered. */
public final class PromptJobs {
    private static final Duration LONGEST = Duration.ofMinutes(15);

    public enum Program {
        FAILS("exit 3", "FAILED"),
        SUCCEEDS("exit 0", "SUCCEEDED");

        private final String script;
        private final String end;

        Program(String script, String end) {
            this.script = script;
            this.end = end;
        }

        public String script() {
            return script;
        }
    }

    /** In {@link System#nanoTime()}; the end is seen by a watch, where there is one. */
    public record Instants(long posted, Optional<Long> seen, long answered) {
        public Duration fromPost() {
            return Duration.ofNanos(answered - posted);
        }

        /** The answer may be heard before the watch tells: that is no time at all. */
        public Optional<Duration> fromCondition() {
            return seen.map(at -> Duration.ofNanos(Math.max(0, answered - at)));
        }
    }

    /** When a job got its end. */
    public interface Ends {
        Optional<Long> of(String id);
    }

    private final Api api;
    private final String namespace;
    private final Ends ends;

    public PromptJobs(Api api, String namespace, Ends ends) {
        this.api = api;
        this.namespace = namespace;
        this.ends = ends;
    }

    public List<Instants> run(Program program, int jobs, int atOnce) throws Exception {
        List<Instants> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
            List<Future<Instants>> running = new ArrayList<>();
            for (int i = 0; i < jobs; i++) {
                running.add(threads.submit(() -> one(program)));
            }
            for (Future<Instants> one : running) {
                all.add(one.get());
            }
        }
        return all;
    }

    private Instants one(Program program) throws IOException {
        Map<String, Object> job = Api.job("at-once", "sh", "-c", program.script);
        long posted = System.nanoTime();
        String id = api.submit(Api.with(job, "namespace", namespace));
        Map<String, Object> end = api.awaitEnd(id, LONGEST);
        long answered = System.nanoTime();
        if (!program.end.equals(end.get("state"))) {
            throw new IllegalStateException(id + " is not " + program.end + ": " + end);
        }
        return new Instants(posted, ends.of(id), answered);
    }
}
