package io.windlass.e2e.neighbour;

import io.windlass.harness.Cluster;
import io.windlass.harness.Database;
import io.windlass.harness.Figures;
import io.windlass.harness.Queues;
import io.windlass.harness.ShippedMemory;
import io.windlass.harness.SimulatedNodes;
import io.windlass.harness.Stack;
import io.windlass.harness.Wiring;
import io.windlass.testing.TestCluster;
import io.windlass.testing.TestSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Three namespaces do at once all that is known to have hurt others. One beside them has jobs,
 * schedules, and readers of the feed and of logs, and must not notice; two replicas of each
 * service, with the memory that the chart gives them, must live. What the three do stands in the
 * files of {@link HostileCases}. At full size it takes ten minutes, and answers may come half as
 * late again as without the three.
 */
@EnabledIf("available")
class NeighbourIT {
    private static final int HOSTILE = 3;
    private static final int WARM_UP = TestSize.of(5, 40);
    private static final int ALONE = TestSize.of(5, 80);
    private static final int BESIDE = TestSize.of(20, 200);
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final int SCHEDULES = TestSize.of(5, 20);
    private static final int PERIOD_SECONDS = TestSize.of(10, 30);
    private static final int LOGS = TestSize.of(2, 6);
    private static final int LOG_SECONDS = TestSize.of(15, 45);
    private static final int LATER_PERCENT = 150;

    /** How long a client goes on asking: far more than an answer may take. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    static boolean available() {
        return SimulatedNodes.available();
    }

    /** As a container would be started: what the image and the chart say of its memory. */
    record Shipped(Wiring wiring) implements Wiring {
        @Override
        public Map<String, String> environment(String process) throws IOException {
            String module = process.substring(0, process.lastIndexOf('-'));
            Map<String, String> environment = new HashMap<>(wiring.environment(process));
            environment.put(
                    "JDK_JAVA_OPTIONS", String.join(" ", ShippedMemory.of(module).javaOptions()));
            return environment;
        }

        @Override
        public void close() throws IOException {
            wiring.close();
        }
    }

    private static Map<String, String> settings(Collection<String> namespaces) {
        Map<String, String> settings = new HashMap<>();
        // as the chart sets them
        settings.put("WINDLASS_CLUSTER_NAMESPACES", String.join(",", namespaces));
        settings.put("WINDLASS_API_NAMESPACES", String.join(",", namespaces));
        settings.put("WINDLASS_LOGS_KEEP_STORED", "300MB");
        // as shipped: here nodes are asked that have logs
        settings.put("WINDLASS_LOGS_GIVE_UP", "2m");
        return settings;
    }

    @Test
    void shouldNotNoticeThreeHostileNamespaces() throws Exception {
        List<HostileCase> cases = HostileCases.all();
        Path kubeconfig = TestCluster.kubeconfig().orElseThrow();
        try (Cluster cluster = Cluster.of(kubeconfig)) {
            List<String> hostile =
                    IntStream.rangeClosed(1, HOSTILE)
                            .mapToObj(i -> cluster.namespace() + "-hostile-" + i)
                            .toList();
            hostile.forEach(cluster::makeNamespace);
            List<String> all = new ArrayList<>(hostile);
            all.add(cluster.namespace());
            Stack.Plan plan =
                    new Stack.Plan(settings(all), 2, List.of(), Stack.MODULES, !TestSize.isFull());
            try (Stack stack =
                    new Stack(
                            plan,
                            database -> new Shipped(new Wiring.Direct(database, kubeconfig)))) {
                run(stack, cluster, hostile, cases);
            }
        }
    }

    private static void run(
            Stack stack, Cluster cluster, List<String> hostile, List<HostileCase> cases)
            throws Exception {
        String namespace = cluster.namespace();
        PatientClient client = new PatientClient(stack, PATIENCE);
        SteadyJobs jobs = new SteadyJobs(client, namespace);
        TickingSchedules schedules =
                new TickingSchedules(client, namespace, SCHEDULES, PERIOD_SECONDS);
        AnswerTable table = new AnswerTable(cases);
        List<String> violations = new ArrayList<>();
        Map<String, Long> limits = new HashMap<>();
        for (String module : Stack.MODULES) {
            limits.put(module, ShippedMemory.of(module).limit());
        }
        Latencies alone;
        Latencies beside;
        Map<String, String> broken;
        try (ProcessWatch watch =
                        new ProcessWatch(stack.all(), module -> limits.getOrDefault(module, 0L));
                FollowedFeed feed = new FollowedFeed(client)) {
            schedules.begin();
            try (SteadyReads reads = new SteadyReads(client, namespace, EVERY)) {
                jobs.run("warm-up", WARM_UP, EVERY.dividedBy(4));
                alone = jobs.run("alone", ALONE, EVERY);
                try (Hostility hostility = new Hostility(stack, cluster, hostile, cases, table)) {
                    FollowedLogs logs =
                            new FollowedLogs(
                                    client,
                                    jobs,
                                    namespace,
                                    LOGS,
                                    EVERY.multipliedBy(BESIDE).dividedBy(2L * LOGS),
                                    LOG_SECONDS);
                    beside = jobs.run("beside", BESIDE, EVERY);
                    int whole = logs.awaitAll();
                    broken = hostility.end(Duration.ofSeconds(30));
                    Figures.put(
                            "logs that were read along to their last byte",
                            "%d of %d".formatted(whole, LOGS));
                }
                Figures.put("lists that were read beside", Integer.toString(reads.answered()));
            }
            violations.addAll(schedules.violations());
            violations.addAll(lost(stack, namespace, jobs, schedules, feed));
            violations.addAll(watch.violations());
            watch.most()
                    .forEach((module, bytes) ->
                            Figures.put(
                                    "most memory of a " + module,
                                    "%d of %d MiB"
                                            .formatted(
                                                    bytes >> 20,
                                                    limits.getOrDefault(module, 0L) >> 20)));
            Figures.put(
                    "probes that failed in a row at most",
                    Integer.toString(watch.mostFailedProbes()));
            Figures.put("streams of the feed", Integer.toString(feed.streams()));
        }
        violations.addAll(client.violations());
        violations.addAll(deadLetters(stack, namespace));
        Figures.put("POST to answer, alone", alone.text());
        Figures.put("POST to answer, beside three hostile namespaces", beside.text());
        Figures.put("of that, alone", jobs.stages("alone"));
        Figures.put("of that, beside them", jobs.stages("beside"));
        Figures.put("calls that were sent again", Integer.toString(client.sentAgain()));
        Figures.put(
                "hostile calls",
                "%d, %d of them answered otherwise than expected"
                        .formatted(table.calls(), table.unexpected()));
        Figures.print();
        report(table, alone, beside, violations);
        SoftAssertions verdict = new SoftAssertions();
        verdict.assertThat(violations).as("what was noticed").isEmpty();
        verdict.assertThat(broken).as("cases that are broken themselves").isEmpty();
        verdict.assertThat(table.reachedNobody()).as("cases that showed nothing").isEmpty();
        if (TestSize.isFull() && !alone.sorted().isEmpty() && !beside.sorted().isEmpty()) {
            verdict.assertThat(beside.percentile(95))
                    .as("p95 of POST to answer; alone it was %s", alone.percentile(95))
                    .isLessThanOrEqualTo(
                            alone.percentile(95).multipliedBy(LATER_PERCENT).dividedBy(100));
        }
        verdict.assertAll();
    }

    /** What was accepted and has no row, or of which the feed does not tell all. */
    private static List<String> lost(
            Stack stack,
            String namespace,
            SteadyJobs jobs,
            TickingSchedules schedules,
            FollowedFeed feed)
            throws SQLException {
        List<String> lost = new ArrayList<>();
        Set<String> rows =
                new HashSet<>(
                        stack.database()
                                .column(
                                        "select id from job where schedule_id is null and namespace = '%s'"
                                                .formatted(namespace)));
        Set<String> accepted = new HashSet<>(jobs.ids());
        if (!rows.equals(accepted)) {
            lost.add("accepted were %s, and there are %s".formatted(accepted, rows));
        }
        accepted.addAll(schedules.jobIds());
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(250))
                    .until(() -> feed.history().missing(accepted).isEmpty());
        } catch (ConditionTimeoutException e) {
            lost.addAll(feed.history().missing(accepted));
        }
        return lost;
    }

    /** All that are not of a job of the hostile ones alone. */
    private static List<String> deadLetters(Stack stack, String namespace)
            throws SQLException, IOException, InterruptedException {
        Database database = stack.database();
        Set<String> theirs =
                new HashSet<>(database.column("select distinct job_id from job_event"));
        database.column("select id from job where namespace = '%s'".formatted(namespace))
                .forEach(theirs::remove);
        List<String> letters = Queues.deadLetters(stack.cluster());
        Figures.put("dead letters", Integer.toString(letters.size()));
        return letters.stream()
                .filter(letter -> theirs.stream().noneMatch(letter::contains))
                .map(letter -> "a dead letter: %.500s".formatted(letter))
                .toList();
    }

    private static void report(
            AnswerTable table, Latencies alone, Latencies beside, List<String> violations)
            throws IOException {
        StringBuilder out = new StringBuilder("# Three hostile namespaces\n\n");
        out.append("POST to answer, alone: %s.%n".formatted(alone.text()));
        out.append("POST to answer, beside them: %s.%n%n".formatted(beside.text()));
        out.append(table.text());
        out.append("%nWhat was noticed: %d.%n%n".formatted(violations.size()));
        violations.stream().limit(100).forEach(what -> out.append("- %.1000s%n".formatted(what)));
        System.out.println(out);
        Files.writeString(Path.of("target", "neighbour.md"), out);
    }
}
