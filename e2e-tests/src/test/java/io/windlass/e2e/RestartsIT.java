package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.harness.Cluster;
import io.windlass.harness.OtherClock;
import io.windlass.harness.Service;
import io.windlass.harness.Stack;
import io.windlass.harness.Wiring;
import io.windlass.testing.TestCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Processors are killed and started again in the middle of every grace, with clocks an hour ahead
 * and an hour behind: verdicts come when they would have come.
 */
@EnabledIf("available")
class RestartsIT {
    private static final int DIVISOR = 10;
    private static final Duration NEAR = Duration.ofSeconds(2);

    /** Who is killed while it gives a verdict leaves a lease behind; this is about graces. */
    private static final Duration AWAY = Duration.ofSeconds(3);

    /** One of each kind: a pull, a volume, a sandbox, the nodes, a Job without pods, a status. */
    private static final Set<String> KINDS =
            Set.of(
                    "denied-x-1",
                    "no-volume-secret",
                    "no-runtime",
                    "other-type",
                    "no-such-node",
                    "no-account",
                    "told-imageinspecterror-" + Grace.IMAGE_INSPECT_FAILED.ordinal(),
                    "event-networknotready");

    static boolean available() {
        return TestCluster.available() && Ways.REGISTRY != null;
    }

    @Test
    void shouldGiveEveryVerdictWhenItWouldHaveComeWhateverHappensToProcessors() throws Exception {
        Path kubeconfig = TestCluster.kubeconfig().orElseThrow();
        AtomicInteger restarts = new AtomicInteger();
        OtherClock clock = new OtherClock();
        List<FailFastRun.Verdict> verdicts;
        try (Cluster cluster = Cluster.of(kubeconfig);
                Places places = new Places(cluster.client(), cluster.namespace());
                Stack stack =
                        new Stack(
                                Grace.settings(DIVISOR),
                                database -> new Wiring.Direct(database, kubeconfig));
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            List<Way> ways = new ArrayList<>(Ways.ofTheKubelet());
            ways.addAll(Ways.ofTheControlPlane(places));
            ways.addAll(Ways.ofTheTest());
            FailFastRun run = new FailFastRun(stack, cluster);
            Future<?> trouble = thread.submit(() -> restartAll(stack, run, clock, restarts));
            verdicts =
                    run.of(
                            ways.stream().filter(way -> KINDS.contains(way.name())).toList(),
                            Duration.ofMinutes(5));
            thread.shutdownNow();
            thread.awaitTermination(2, TimeUnit.MINUTES);
            assertThat(trouble.isDone()).isTrue();
        }
        System.out.printf("[restarts] %d restarts%n%n", restarts.get());
        System.out.println(new FailFastTable(verdicts, DIVISOR).text());
        assertThat(restarts.get()).as("restarts").isGreaterThan(6);
        assertThat(verdicts).hasSize(KINDS.size());
        assertThat(verdicts)
                .allSatisfy(verdict -> {
                    assertThat(verdict.told()).startsWith("FAILED " + verdict.way().reason());
                    assertThat(verdict.late())
                            .as(verdict.way().signal())
                            .isBetween(Duration.ZERO, NEAR);
                });
    }

    private static Void restartAll(
            Stack stack, FailFastRun run, OtherClock clock, AtomicInteger restarts)
            throws Exception {
        while (!Thread.currentThread().isInterrupted()) {
            for (int replica = 0; replica < 2; replica++) {
                for (String module : Stack.MODULES.subList(1, Stack.MODULES.size())) {
                    Awaitility.await("no verdict is near")
                            .atMost(Duration.ofMinutes(5))
                            .until(() -> run.isQuiet(AWAY));
                    Service service = stack.services(module).get(replica);
                    service.kill();
                    service.startAgain(clock.off(Duration.ofHours(replica == 0 ? 1 : -1)));
                    service.awaitReady();
                    restarts.incrementAndGet();
                }
            }
        }
        return null;
    }
}
