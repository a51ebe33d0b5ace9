package io.windlass.benchmarks;

import io.windlass.harness.Cluster;
import io.windlass.harness.EndWatch;
import io.windlass.harness.Folders;
import io.windlass.harness.PromptJobs;
import io.windlass.harness.PromptJobs.Program;
import io.windlass.harness.Stack;
import io.windlass.harness.WindlassUp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
        Timings timings = new Timings();
        try (Cluster cluster = Cluster.of(kubeconfig);
                EndWatch ends = EndWatch.of(cluster)) {
            new PromptJobs(stack.api(), cluster.namespace(), ends::endOf)
                    .run(program, jobs, atOnce)
                    .forEach(one ->
                            one.fromCondition().map(Duration::toNanos).ifPresent(timings::add));
        }
        put("condition to answer", program, atOnce, timings, FROM_CONDITION, results);
    }

    static void onThisMachine(Scale scale, Results results) throws Exception {
        Path data = Files.createTempDirectory("windlass-promptness");
        try (WindlassUp up = WindlassUp.start(ROOT, data)) {
            for (Program program : Program.values()) {
                for (int atOnce : AT_ONCE) {
                    Timings timings = new Timings();
                    new PromptJobs(up.api(), "default", id -> Optional.empty())
                            .run(program, scale.samples(), atOnce)
                            .forEach(one -> timings.add(one.fromPost().toNanos()));
                    put("POST to answer", program, atOnce, timings, FROM_POST, results);
                }
            }
        } finally {
            Folders.delete(data);
        }
    }

    private static void put(
            String what,
            Program program,
            int atOnce,
            Timings timings,
            Duration bar,
            Results results) {
        String name = "%s, program %s, %d at once".formatted(what, program.script(), atOnce);
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
