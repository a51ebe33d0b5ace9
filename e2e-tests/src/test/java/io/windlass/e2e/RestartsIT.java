package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.harness.Cluster;
import io.windlass.harness.Figures;
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
import java.util.concurrent.atomic.AtomicBoolean;
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
    private static final Duration NEAR = Bounds.of(Duration.ofSeconds(2));

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

    /** Those who give verdicts, or see what verdicts are made of. */
    private static final List<String> PROCESSORS =
            Stack.MODULES.stream().filter(module -> module.endsWith("-processor")).toList();

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
            AtomicBoolean over = new AtomicBoolean();
            Future<?> trouble = thread.submit(() -> restartAll(stack, run, clock, restarts, over));
            try {
                verdicts =
                        run.of(
                                ways.stream().filter(way -> KINDS.contains(way.name())).toList(),
                                Duration.ofMinutes(5));
            } finally {
                over.set(true);
            }
            // whoever restarts must not have given up on the way
            trouble.get(3, TimeUnit.MINUTES);
        }
        System.out.printf("[restarts] %d restarts%n%n", restarts.get());
        System.out.println(new FailFastTable(verdicts, DIVISOR).text());
        Figures.put(
                "verdicts while processors restart, the latest after the time told for it",
                FailFastTable.latest(verdicts));
        Figures.print();
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
            Stack stack,
            FailFastRun run,
            OtherClock clock,
            AtomicInteger restarts,
            AtomicBoolean over)
            throws Exception {
        int turn = 0;
        while (!over.get()) {
            int replica = turn / PROCESSORS.size() % 2;
            Service service = stack.services(PROCESSORS.get(turn % PROCESSORS.size())).get(replica);
            Awaitility.await("no verdict is near, or all are given")
                    .atMost(Duration.ofMinutes(5))
                    .until(() -> over.get() || run.isQuiet(AWAY));
            if (!over.get()) {
                service.kill();
                service.startAgain(clock.off(Duration.ofHours(replica == 0 ? 1 : -1)));
                service.awaitReady();
                restarts.incrementAndGet();
                turn++;
            }
        }
        return null;
    }
}
