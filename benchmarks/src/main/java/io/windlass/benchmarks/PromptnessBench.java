package io.windlass.benchmarks;

import io.fabric8.kubernetes.client.Watch;
import io.windlass.harness.Api;
import io.windlass.harness.Cluster;
import io.windlass.harness.Folders;
import io.windlass.harness.Stack;
import io.windlass.harness.WindlassUp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Programs that end at once, well or badly: how long their answers take. On a cluster from the
 * Job's condition, as a watch of its own sees it, to the answer of a waiting GET; with {@code
 * windlass up} from the POST to that answer.
 */
final class PromptnessBench {
    private static final Duration FROM_CONDITION = Duration.ofSeconds(1);
    private static final Duration FROM_POST = Duration.ofSeconds(2);

    /** A lost wake-up costs 25 s or more, and a percentile alone lets some of them pass. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final Path ROOT = Path.of(System.getProperty("windlass.root", ".."));
    private static final List<Integer> AT_ONCE = List.of(1, 20);

    private enum Program {
        FAILS("exit 3", "FAILED"),
        SUCCEEDS("exit 0", "SUCCEEDED");

        private final String script;
        private final String end;

        Program(String script, String end) {
            this.script = script;
            this.end = end;
        }
    }

    /** When a job was asked for, when a watch saw its end, and when its answer came. */
    private record Instants(long posted, Optional<Long> seen, long answered) {}

    private interface Seen {
        Optional<Long> endOf(String id);
    }

    private PromptnessBench() {}

    static void onACluster(Stack stack, Path kubeconfig, Scale scale, Results results)
            throws Exception {
        for (Program program : Program.values()) {
            for (int atOnce : AT_ONCE) {
                onACluster(stack, kubeconfig, program, atOnce, scale.samples(), results);
            }
        }
    }

    private static void onACluster(
            Stack stack, Path kubeconfig, Program program, int atOnce, int jobs, Results results)
            throws Exception {
        Map<String, Long> ends = new ConcurrentHashMap<>();
        Timings timings = new Timings();
        try (Cluster cluster = Cluster.of(kubeconfig)) {
            Watch watch =
                    BareClient.watchEnds(
                            cluster,
                            job -> ends.putIfAbsent(AnswerBench.idOf(job), System.nanoTime()));
            try {
                Seen seen = id -> Optional.ofNullable(ends.get(id));
                for (Instants one :
                        run(stack.api(), cluster.namespace(), program, atOnce, jobs, seen)) {
                    // the answer may be heard before this watch tells
                    one.seen().ifPresent(at -> timings.add(Math.max(0, one.answered() - at)));
                }
            } finally {
                watch.close();
            }
        }
        put("condition to answer", program, atOnce, timings, FROM_CONDITION, results);
    }

    static void onThisMachine(Scale scale, Results results) throws Exception {
        Path data = Files.createTempDirectory("windlass-promptness");
        try (WindlassUp up = WindlassUp.start(ROOT, data)) {
            for (Program program : Program.values()) {
                for (int atOnce : AT_ONCE) {
                    Timings timings = new Timings();
                    for (Instants one :
                            run(
                                    up.api(),
                                    "default",
                                    program,
                                    atOnce,
                                    scale.samples(),
                                    id -> Optional.empty())) {
                        timings.add(one.answered() - one.posted());
                    }
                    put("POST to answer", program, atOnce, timings, FROM_POST, results);
                }
            }
        } finally {
            Folders.delete(data);
        }
    }

    private static List<Instants> run(
            Api api, String namespace, Program program, int atOnce, int jobs, Seen seen)
            throws Exception {
        List<Instants> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
            List<Future<Instants>> running = new ArrayList<>();
            for (int i = 0; i < jobs; i++) {
                running.add(threads.submit(() -> one(api, namespace, program, seen)));
            }
            for (Future<Instants> one : running) {
                all.add(one.get());
            }
        }
        return all;
    }

    private static Instants one(Api api, String namespace, Program program, Seen seen)
            throws IOException {
        Map<String, Object> job = Api.job("at-once", "sh", "-c", program.script);
        long posted = System.nanoTime();
        String id = api.submit(Api.with(job, "namespace", namespace));
        Map<String, Object> end = api.awaitEnd(id, Duration.ofMinutes(15));
        long answered = System.nanoTime();
        if (!program.end.equals(end.get("state"))) {
            throw new IllegalStateException(id + " is not " + program.end + ": " + end);
        }
        return new Instants(posted, seen.endOf(id), answered);
    }

    private static void put(
            String what,
            Program program,
            int atOnce,
            Timings timings,
            Duration bar,
            Results results) {
        String name = "%s, program %s, %d at once".formatted(what, program.script, atOnce);
        results.put(
                name + " (" + timings.count() + " jobs)",
                "p50 %.0f ms, p95 %.0f ms, p99 %.0f ms, longest %.0f ms"
                        .formatted(
                                timings.millis(50),
                                timings.millis(95),
                                timings.millis(99),
                                timings.millis(100)));
        results.percentile(name, 50, timings);
        results.percentile(name, 95, timings);
        results.bar(name + ", p99", timings.millis(99), bar);
        results.bar(name + ", longest", timings.millis(100), LONGEST);
    }
}
