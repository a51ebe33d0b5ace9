package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.harness.Api;
import io.windlass.harness.AuditLog;
import io.windlass.harness.Cluster;
import io.windlass.harness.Figures;
import io.windlass.harness.Service;
import io.windlass.harness.SimulatedNodes;
import io.windlass.harness.Stack;
import io.windlass.json.Json;
import io.windlass.testing.TestCluster;
import io.windlass.testing.TestSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * The test cluster is thrown away under running jobs, and another one comes under its address.
 * Nothing else may use the cluster meanwhile.
 */
@EnabledIf("available")
class ClusterLostIT {
    private static final int JOBS = TestSize.of(30, 100);
    private static final int NEW_JOBS = 5;
    private static final Duration NEARLY_SILENT_ENOUGH = Duration.ofMinutes(4);
    private static final Duration PROCESSORS_AWAY =
            TestSize.of(Duration.ZERO, Duration.ofSeconds(310));
    private static final Duration RUNS_SOON = Bounds.of(Duration.ofSeconds(5));
    private static final String SCHEDULE = "forbids";

    private static Cluster cluster;
    private static Stack stack;
    private static Api api;

    static boolean available() {
        return SimulatedNodes.available() && TestCluster.tool().isPresent() && AuditLog.available();
    }

    @BeforeAll
    static void start() throws Exception {
        Path kubeconfig = TestCluster.kubeconfig().orElseThrow();
        cluster = Cluster.of(kubeconfig);
        stack = new Stack(kubeconfig, Map.of());
        api = stack.api();
    }

    @AfterAll
    static void stop() throws Exception {
        Figures.print();
        if (stack != null) {
            stack.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private static String path() {
        return "/api/v1/clusters/" + stack.cluster();
    }

    private static Map<String, Object> known() throws IOException {
        List<?> items = (List<?>) api.call("GET", "/api/v1/clusters", null).body().get("items");
        return items.stream()
                .map(Json::asObject)
                .filter(item -> stack.cluster().equals(item.get("name")))
                .findFirst()
                .orElseThrow();
    }

    private static Api.Answer declare(String identity, String query) throws IOException {
        return api.call("POST", path() + "/declare-lost" + query, Map.of("identity", identity));
    }

    private static Map<String, Object> here(Map<String, Object> job) {
        return Api.with(job, "namespace", cluster.namespace());
    }

    /** It has a pod, and does not end by itself. */
    private static Map<String, Object> waiting(String name) {
        Map<String, Object> job = Api.with(Api.job(name, "true"), "onMissingConfig", "wait");
        Map<String, Object> secret = Map.of("name", "never-there", "key", "k");
        return here(Api.with(job, "env", List.of(Map.of("name", "TOKEN", "secretRef", secret))));
    }

    private static Map<String, Object> sleeper(String name) {
        return here(Api.job(name, "sleep", "3600"));
    }

    private static long count(String condition) throws Exception {
        return stack.database().number("select count(*) from job_state where " + condition);
    }

    @Test
    void shouldAnswerAllJobsOfALostClusterAndGoOnInTheNext() throws Exception {
        List<Map<String, Object>> jobs = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            jobs.add(i % 5 == 0 ? sleeper("sleeper-" + i) : waiting("waiting-" + i));
        }
        List<String> ids = api.submitAll(jobs);
        forbids();
        Awaitility.await("all have their Job")
                .atMost(Duration.ofMinutes(5))
                .until(() -> count("kubernetes_uid is not null") >= JOBS + 1);
        String lost = known().get("identity").toString();
        refusedWhileOnlyProcessorsAreStopped(lost);
        Path before = copyOfTheAuditLog();
        assertThat(ClusterTool.loggingTo(stack.logs()).succeeds("reset")).isTrue();
        cluster.makeNamespace(cluster.namespace());
        assertThat(declare(lost, "").status()).as("at once").isEqualTo(409);
        Awaitility.await("another cluster is seen for long enough")
                .pollInterval(Duration.ofSeconds(5))
                .atMost(Duration.ofMinutes(8))
                .until(() ->
                        Boolean.TRUE.equals(declare(lost, "?dryRun=true").body().get("accepted")));
        assertThat(count("finished_at is not null")).as("silence ends nothing").isZero();
        Instant begin = Instant.now();
        Api.Answer declared = declare(lost, "");
        assertThat(declared.status()).as("%s", declared.body()).isEqualTo(200);
        newJobsRunSoon();
        Awaitility.await("all have their answer")
                .atMost(Duration.ofMinutes(1))
                .until(() -> count("reason = 'CLUSTER_LOST'") >= JOBS + 1);
        Figures.put(JOBS + " jobs of a lost cluster, declaration to the last answer", begin);
        for (String id : ids) {
            Map<String, Object> job = api.awaitEnd(id, Duration.ofSeconds(30));
            assertThat(job)
                    .containsEntry("state", "FAILED")
                    .containsEntry("reason", "CLUSTER_LOST");
        }
        theScheduleGoesOn();
        nothingRanTwice(ids, before);
        assertThat(api.call("POST", path() + "/found", Map.of("identity", lost)).status())
                .as("another has its name")
                .isEqualTo(409);
    }

    private static void refusedWhileOnlyProcessorsAreStopped(String identity) throws Exception {
        List<Service> processors = stack.services("messages-processor");
        for (Service processor : processors) {
            processor.kill();
        }
        Instant until = Instant.now().plus(PROCESSORS_AWAY);
        Awaitility.await("nobody asks for long enough")
                .atMost(PROCESSORS_AWAY.plusMinutes(1))
                .until(() -> !Instant.now().isBefore(until));
        Api.Answer refused = declare(identity, "");
        assertThat(refused.status()).isEqualTo(409);
        if (PROCESSORS_AWAY.compareTo(NEARLY_SILENT_ENOUGH) > 0) {
            assertThat(refused.body().get("detail").toString()).contains("nobody asks");
        }
        for (Service processor : processors) {
            processor.startAgain();
        }
        for (Service processor : processors) {
            processor.awaitReady();
        }
    }

    /** The reset empties it, and it alone can tell what ran. */
    private static Path copyOfTheAuditLog() throws IOException {
        Path copy = Files.createDirectories(stack.logs().resolve("audit-of-the-lost-one"));
        List<String> lines = new ArrayList<>();
        AuditLog.forEachLine(
                AuditLog.file().orElseThrow(),
                line -> {
                    if (line.contains("/namespaces/" + cluster.namespace() + "/jobs")) {
                        lines.add(line);
                    }
                });
        return Files.write(copy.resolve("audit.log"), lines);
    }

    private static void newJobsRunSoon() throws Exception {
        Awaitility.await("the new namespace can take pods")
                .atMost(Duration.ofMinutes(1))
                .until(() ->
                        cluster.client()
                                        .serviceAccounts()
                                        .inNamespace(cluster.namespace())
                                        .withName("default")
                                        .get()
                                != null);
        for (int i = 0; i < NEW_JOBS; i++) {
            Instant begin = Instant.now();
            String id = api.submit(here(Api.simulated("new-" + i)));
            assertThat(api.awaitEnd(id, Duration.ofMinutes(1))).containsEntry("state", "SUCCEEDED");
            Duration took = Duration.between(begin, Instant.now());
            Figures.put("a new job in the next cluster, POST to its answer", begin);
            assertThat(took).isLessThan(RUNS_SOON);
        }
    }

    private static void forbids() throws Exception {
        Map<String, Object> schedule =
                Map.of(
                        "every", "1m",
                        "concurrency", "Forbid",
                        "job",
                                Map.of(
                                        "image",
                                        "busybox:1.36",
                                        "command",
                                        List.of("sleep", "3600")));
        String runs = "/api/v1/schedules/" + cluster.namespace() + "/" + SCHEDULE;
        assertThat(api.call("PUT", runs, schedule).status()).isBetween(200, 201);
        Api.Answer run = api.call("POST", runs + "/run", Map.of());
        assertThat(run.status()).as("%s", run.body()).isBetween(200, 202);
    }

    private static void theScheduleGoesOn() {
        Awaitility.await("its next instant has a job that runs")
                .atMost(Duration.ofMinutes(3))
                .until(() ->
                        stack.database()
                                        .number(
                                                "select count(*) from job j join job_state s on s.job_id = j.id"
                                                        + " where j.schedule_id is not null and s.state = 'RUNNING'")
                                > 0);
    }

    private static void nothingRanTwice(List<String> ids, Path before) throws IOException {
        AuditLog old = AuditLog.read(before, cluster.namespace());
        AuditLog now = AuditLog.read(AuditLog.file().orElseThrow(), cluster.namespace());
        assertThat(old.uidsByAttempt().values()).allSatisfy(uids -> assertThat(uids).hasSize(1));
        assertThat(old.creates()).extracting(AuditLog.Create::jobId).containsAll(ids);
        assertThat(now.creates())
                .as("in the next cluster")
                .extracting(AuditLog.Create::jobId)
                .doesNotContainAnyElementsOf(ids);
    }
}
