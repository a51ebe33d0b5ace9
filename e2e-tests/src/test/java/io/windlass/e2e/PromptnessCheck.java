package io.windlass.e2e;

import io.windlass.harness.Cluster;
import io.windlass.harness.EndWatch;
import io.windlass.harness.Figures;
import io.windlass.harness.PromptJobs;
import io.windlass.harness.PromptJobs.Instants;
import io.windlass.harness.PromptJobs.Program;
import io.windlass.harness.Stack;
import io.windlass.testing.TestSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks whether an answer follows its evidence within a second, where nothing is broken. */
final class PromptnessCheck {
    private static final int JOBS = TestSize.of(10, 50);
    private static final int AT_ONCE = 5;
    private static final Duration BAR = Bounds.of(Duration.ofSeconds(1));

    /** A lost wake-up costs as much or more, and a percentile alone lets some of them pass. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private PromptnessCheck() {}

    static List<String> violations(Stack stack, Cluster cluster) throws Exception {
        List<Duration> took = new ArrayList<>();
        try (EndWatch ends = EndWatch.of(cluster)) {
            PromptJobs jobs = new PromptJobs(stack.api(), cluster.namespace(), ends::endOf);
            for (Program program : Program.values()) {
                for (Instants one : jobs.run(program, JOBS, AT_ONCE)) {
                    one.fromCondition().ifPresent(took::add);
                }
            }
        }
        return judged(took);
    }

    private static List<String> judged(List<Duration> took) {
        List<Duration> sorted = took.stream().sorted().toList();
        if (sorted.isEmpty()) {
            return List.of("no end of a prompt job was seen");
        }
        Duration most = sorted.get((int) Math.ceil(0.95 * sorted.size()) - 1);
        Figures.put(
                "after healing, condition to answer (%d jobs)".formatted(sorted.size()),
                "p95 %d ms, longest %d ms".formatted(most.toMillis(), sorted.getLast().toMillis()));
        boolean prompt = most.compareTo(BAR) <= 0 && sorted.getLast().compareTo(LONGEST) <= 0;
        return prompt
                ? List.of()
                : List.of(
                        "answers come late after healing: p95 %s, longest %s"
                                .formatted(most, sorted.getLast()));
    }
}
