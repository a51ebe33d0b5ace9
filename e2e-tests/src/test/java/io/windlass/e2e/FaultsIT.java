package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.harness.AuditLog;
import io.windlass.harness.Cluster;
import io.windlass.harness.Figures;
import io.windlass.harness.Queues;
import io.windlass.harness.SimulatedNodes;
import io.windlass.harness.Stack;
import io.windlass.harness.TcpProxy;
import io.windlass.harness.Wiring;
import io.windlass.testing.TestCluster;
import io.windlass.testing.TestSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Everything is broken at random for some minutes, under load. Then it is mended, and every promise
 * is checked against what was seen from outside. In the full size it takes twenty minutes.
 */
@EnabledIf("available")
class FaultsIT {
    private static final Duration LENGTH =
            Duration.ofMinutes(
                    Long.parseLong(
                            System.getenv()
                                    .getOrDefault(
                                            "WINDLASS_FAULTS_MINUTES", TestSize.of("2", "20"))));
    private static final long SEED =
            System.getenv("WINDLASS_FAULTS_SEED") == null
                    ? System.nanoTime() & 0xffffff
                    : Long.parseLong(System.getenv("WINDLASS_FAULTS_SEED"));
    private static final Duration MOST_AWAY = Duration.ofMinutes(3);
    private static final Duration TO_END = Duration.ofMinutes(5);
    private static final String UNSEQUENCED = "select count(*) from job_event where seq is null";
    private static final String UNSETTLED =
            "select count(*) from job_state where not settled or finished_at is null";

    static boolean available() {
        return SimulatedNodes.available() && TestCluster.tool().isPresent() && AuditLog.available();
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("WINDLASS_CLEANUP_KEEP_SUCCEEDED", "0s");
        settings.put("WINDLASS_CLEANUP_KEEP_FAILED", "2s");
        // longer than anything is frozen here
        settings.put(
                "WINDLASS_CLEANUP_KEEP_AFTER_TAKEOVER",
                Faults.FROZEN.multipliedBy(2).toSeconds() + "s");
        // as long as a gateway that is away may hold up what ended
        settings.put("WINDLASS_CLEANUP_WAIT_FOR_LOGS", "20s");
        // messages are lost here, and by design it is a check that finds what they would have told
        settings.put("WINDLASS_CHECKS_STARTING", "10s");
        settings.put("WINDLASS_CHECKS_RUNNING", "20s");
        settings.put("WINDLASS_FAIL_FAST_IMAGE_NOT_FOUND", "10s");
        settings.put("WINDLASS_FAIL_FAST_IMAGE_NOT_FOUND_WITHOUT_SECOND_PULL", "20s");
        settings.put("WINDLASS_FAIL_FAST_CONFIG_MISSING", "10s");
        return settings;
    }

    @Test
    void shouldGiveEachJobExactlyOneTrueAnswerWhateverBreaks() throws Exception {
        System.out.printf(
                "[faults] seed %d, %d minutes (WINDLASS_FAULTS_SEED, WINDLASS_FAULTS_MINUTES)%n",
                SEED, LENGTH.toMinutes());
        Path kubeconfig = TestCluster.kubeconfig().orElseThrow();
        try (QueueProxy queue = new QueueProxy(SEED);
                Cluster cluster = Cluster.of(kubeconfig)) {
            List<Wiring.Proxied> wired = new ArrayList<>();
            try (Stack stack =
                    new Stack(
                            settings(),
                            database -> {
                                wired.add(new Wiring.Proxied(database, kubeconfig, queue.port()));
                                return wired.getFirst();
                            })) {
                run(stack, wired.getFirst(), queue, cluster);
            }
        }
    }

    private void run(Stack stack, Wiring.Proxied wiring, QueueProxy queue, Cluster cluster)
            throws Exception {
        Observed observed = new Observed();
        Faults faults = new Faults(stack, wiring, ClusterTool.loggingTo(stack.logs()), SEED);
        assertThat(faults.services())
                .as("services that are killed and frozen")
                .containsExactlyInAnyOrder(
                        "web-server",
                        "messages-processor",
                        "job-status-processor",
                        "pod-events-processor",
                        "schedules-processor",
                        "cluster-gateway");
        Instant until = Instant.now().plus(LENGTH);
        Duration afterHealing;
        boolean ended;
        List<String> violations = new ArrayList<>();
        FeedFollower feed = new FeedFollower(stack, observed);
        try (Load load = new Load(stack, observed, cluster.namespace(), SEED)) {
            Thread clients = Thread.ofVirtual().start(() -> keepAsking(load, until));
            breakThings(faults, until);
            clients.join();
            queue.behave();
            wiring.wires().forEach(wire -> wire.proxy().set(TcpProxy.Mode.PASS));
            faults.clusterIsWell();
            Instant healed = Instant.now();
            ended =
                    awaitEnds(
                            stack,
                            faults,
                            "select count(*) from job_state where finished_at is null");
            afterHealing = Duration.between(healed, Instant.now());
            violations.addAll(PromptnessCheck.violations(stack, cluster));
            ended &= awaitEnds(stack, faults, UNSETTLED);
            load.end();
            ended &= awaitQuiet(stack, cluster);
            feed.readToTheEnd();
        }
        HistoryChecker checker =
                new HistoryChecker(
                        observed,
                        stack.database(),
                        AuditLog.read(AuditLog.file().orElseThrow(), cluster.namespace()),
                        stack.installation());
        violations.addAll(checker.check());
        leftInTheCluster(stack, cluster, violations);
        long dead = Queues.dead(stack.cluster());
        if (dead > 0) {
            violations.add(dead + " dead letters, though no message was wrong");
        }
        Figures.put(
                "%d minutes of faults, healing to the last answer".formatted(LENGTH.toMinutes()),
                "%.1f s".formatted(afterHealing.toMillis() / 1e3));
        Figures.print();
        report(stack, observed, faults, queue, afterHealing, violations);
        assertThat(violations).as("violations with seed %s", SEED).isEmpty();
        assertThat(ended).as("all came to an end").isTrue();
    }

    private static void keepAsking(Load load, Instant until) {
        Random pauses = new Random(SEED);
        CountDownLatch never = new CountDownLatch(1);
        try {
            while (Instant.now().isBefore(until)) {
                load.next();
                if (never.await(pauses.nextInt(1_800), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void breakThings(Faults faults, Instant until) throws Exception {
        AtomicReference<Exception> failure = new AtomicReference<>();
        Thread near =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                while (Instant.now().isBefore(until)) {
                                    faults.oneMore(Faults.Where.NEAR);
                                }
                            } catch (IOException | InterruptedException e) {
                                failure.set(e);
                            }
                        });
        Duration away = LENGTH.dividedBy(6);
        Instant half = until.minus(LENGTH.dividedBy(2));
        boolean wasAway = false;
        while (Instant.now().isBefore(until)) {
            if (!wasAway && Instant.now().isAfter(half)) {
                faults.databaseAway(away.compareTo(MOST_AWAY) < 0 ? away : MOST_AWAY);
                wasAway = true;
            }
            faults.oneMore(Faults.Where.BELOW);
        }
        near.join();
        assertThat(failure.get()).isNull();
    }

    /** What was answered is not what is measured here, so whoever died is begun again meanwhile. */
    private static boolean awaitEnds(Stack stack, Faults faults, String sql) {
        return comesTrue(
                TO_END,
                Duration.ZERO,
                () -> {
                    faults.revive();
                    return stack.database().number(sql) == 0;
                });
    }

    /** What still comes of the last deletions is in the history too, so it is waited for. */
    private static boolean awaitQuiet(Stack stack, Cluster cluster) {
        return comesTrue(
                TO_END,
                Duration.ofSeconds(3),
                () ->
                        Queues.waiting(stack.cluster()) == 0
                                && stack.database().number(UNSEQUENCED) == 0
                                && cluster.pods(stack.installation()) == 0);
    }

    private static boolean comesTrue(Duration most, Duration stays, Callable<Boolean> condition) {
        try {
            Awaitility.await()
                    .atMost(most)
                    .pollInterval(Duration.ofMillis(250))
                    .during(stays)
                    .ignoreExceptions()
                    .until(condition);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    private static void leftInTheCluster(Stack stack, Cluster cluster, List<String> violations) {
        cluster.jobs(stack.installation())
                .forEach(job -> violations.add("Job " + job.getMetadata().getName() + " is left"));
        int pods = cluster.pods(stack.installation());
        if (pods > 0) {
            violations.add(pods + " pods are left");
        }
    }

    private static void report(
            Stack stack,
            Observed observed,
            Faults faults,
            QueueProxy queue,
            Duration afterHealing,
            List<String> violations)
            throws IOException {
        StringBuilder out = new StringBuilder();
        out.append("### Seed %d, %d minutes%n%n".formatted(SEED, LENGTH.toMinutes()));
        Map<String, Long> kinds = new TreeMap<>();
        observed.accepted().stream()
                .distinct()
                .map(Observed.Accepted::jobId)
                .distinct()
                .forEach(id ->
                        kinds.merge(
                                observed.accepted().stream()
                                        .filter(a -> a.jobId().equals(id))
                                        .findFirst()
                                        .orElseThrow()
                                        .meant()
                                        .kind()
                                        .name(),
                                1L,
                                Long::sum));
        long jobs = kinds.values().stream().mapToLong(Long::longValue).sum();
        out.append("%d jobs acknowledged: %s.%n".formatted(jobs, kinds));
        out.append(
                "%d answers and %d events read by clients.%n"
                        .formatted(observed.answers().size(), observed.feed().size()));
        out.append(
                "Messages lost %d, doubled %d, delayed %d.%n%n"
                        .formatted(queue.lost.get(), queue.doubled.get(), queue.delayed.get()));
        out.append("| fault | times |\n| --- | --- |\n");
        faults.counts()
                .forEach((kind, times) -> out.append("| %s | %d |%n".formatted(kind, times)));
        out.append(
                "%nFrom healing to the last answer: %.1f s. Violations: %d.%n"
                        .formatted(afterHealing.toMillis() / 1000.0, violations.size()));
        out.append("Services killed and frozen: %s.%n".formatted(faults.hit()));
        violations.stream().limit(50).forEach(v -> out.append("- ").append(v).append('\n'));
        System.out.println(out);
        Path report = Path.of("target", "faults-" + SEED + ".md");
        Files.writeString(report, out);
        System.out.println("[faults] " + report.toAbsolutePath() + ", logs in " + stack.logs());
    }
}
