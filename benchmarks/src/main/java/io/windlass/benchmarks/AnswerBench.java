package io.windlass.benchmarks;

import io.windlass.harness.Api;
import io.windlass.harness.Cluster;
import io.windlass.harness.EndWatch;
import io.windlass.harness.Stack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * From the moment at which a bare watch sees that a Job is complete to the answer of a GET that
 * waits for its end. A watcher, a queue, a decision, a commit and a notification lie between.
 */
final class AnswerBench {
    private static final int AT_ONCE = 5;

    private AnswerBench() {}

    static void run(Stack stack, Path kubeconfig, Scale scale, Results results) throws Exception {
        Map<String, Long> answered = new ConcurrentHashMap<>();
        Timings timings = new Timings();
        try (Cluster cluster = Cluster.of(kubeconfig);
                EndWatch ends = EndWatch.of(cluster);
                ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < scale.answers(); i++) {
                all.add(
                        threads.submit(
                                () -> answered.put(askedFor(stack, cluster), System.nanoTime())));
            }
            for (Future<?> one : all) {
                one.get();
            }
            answered.forEach((id, at) -> ends.endOf(id).ifPresent(end -> timings.add(at - end)));
        }
        results.put(
                "from a Job's condition, as a bare watch sees it, to the answer of a waiting GET ("
                        + timings.count()
                        + " jobs, "
                        + AT_ONCE
                        + " at once)",
                "p50 %.0f ms, p95 %.0f ms, p99 %.0f ms"
                        .formatted(timings.millis(50), timings.millis(95), timings.millis(99)));
        results.percentile("condition to answer", 50, timings);
        results.percentile("condition to answer", 95, timings);
    }

    private static String askedFor(Stack stack, Cluster cluster) throws IOException {
        String id =
                stack.api()
                        .submit(
                                Api.with(
                                        Api.simulated("asked-for"),
                                        "namespace",
                                        cluster.namespace()));
        stack.api().awaitEnd(id, Duration.ofMinutes(2));
        return id;
    }
}
