package io.windlass.podscheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.testing.ClusterLock;
import io.windlass.testing.TestCluster;
import io.windlass.testing.TestSize;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Pods bound per second beside Kubernetes' own scheduler, at full size only, on a cluster whose
 * clients' limits are out of the way. Who is measured stands still until all pods are there, then
 * goes on; what counts is the time from the first binding that a watch shows to the last, so that
 * it costs nobody anything how it finds back to its own watches.
 */
@EnabledIf("isAsked")
class KubeSchedulerBenchIT {
    private static final int PODS =
            Integer.parseInt(System.getenv().getOrDefault("WINDLASS_BENCH_PODS", "5000"));
    private static final int NODES = 100;
    private static final int ROUNDS = 3;

    private record Contender(String scheduler, long pid) {}

    static boolean isAsked() {
        return TestSize.isFull() && TestCluster.available();
    }

    @Test
    void shouldBindAtLeastAsFast() throws Exception {
        List<Double> theirs = new ArrayList<>();
        List<Double> ours = new ArrayList<>();
        // it stops the cluster's own scheduler for a while
        try (ClusterLock _ = ClusterLock.take();
                Fleet fleet = new Fleet(NODES, "64");
                Account account = new Account(fleet);
                SchedulerProcess process =
                        SchedulerProcess.daemon(
                                account,
                                "--name",
                                fleet.name,
                                "--policy",
                                "spread",
                                "--leader-elect=false")) {
            Contender kube =
                    new Contender(
                            "default-scheduler",
                            ProcessHandle.allProcesses()
                                    .filter(p ->
                                            p.info()
                                                    .command()
                                                    .orElse("")
                                                    .endsWith("/kube-scheduler"))
                                    .findFirst()
                                    .orElseThrow()
                                    .pid());
            Contender own = new Contender(fleet.name, process.pid());
            System.out.printf(
                    "| round | scheduler | pods | nodes | first after, s | first to last, s | pods/s |%n");
            System.out.printf("| --- | --- | --- | --- | --- | --- | --- |%n");
            for (int round = 1; round <= ROUNDS; round++) {
                // who goes first takes turns
                if (round % 2 == 1) {
                    theirs.add(measured(round, fleet, kube));
                    ours.add(measured(round, fleet, own));
                } else {
                    ours.add(measured(round, fleet, own));
                    theirs.add(measured(round, fleet, kube));
                }
            }
        }
        double ratio = median(ours) / median(theirs);
        System.out.printf(
                Locale.ROOT,
                "median: kube-scheduler %.0f pods/s, pod-scheduler %.0f pods/s, ratio %.2f%n",
                median(theirs),
                median(ours),
                ratio);
        assertThat(ratio).isGreaterThanOrEqualTo(1.0);
    }

    private static double measured(int round, Fleet fleet, Contender who) throws Exception {
        try (Boundness bound = new Boundness(fleet)) {
            signal("STOP", who.pid());
            long begun;
            try {
                fleet.pods(PODS, fleet.spec(who.scheduler(), "500m"));
            } finally {
                begun = System.nanoTime();
                signal("CONT", who.pid());
            }
            Fleet.await().atMost(Duration.ofMinutes(5)).until(() -> bound.count() == PODS);
            double seconds = (bound.lastAt() - bound.firstAt()) / 1e9;
            assertThat(fleet.overfull()).isEmpty();
            assertThat(bound.torn()).isEmpty();
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %s | %d | %d | %.2f | %.2f | %.0f |%n",
                    round,
                    who.scheduler().equals("default-scheduler")
                            ? "kube-scheduler"
                            : "pod-scheduler",
                    PODS,
                    NODES,
                    (bound.firstAt() - begun) / 1e9,
                    seconds,
                    PODS / seconds);
            return PODS / seconds;
        } finally {
            fleet.clear();
        }
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor();
        assertThat(code).isZero();
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
