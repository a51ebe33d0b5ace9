package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.windlass.harness.Api;
import io.windlass.harness.AuditLog;
import io.windlass.harness.Cluster;
import io.windlass.harness.Service;
import io.windlass.harness.Signals;
import io.windlass.harness.SimulatedNodes;
import io.windlass.harness.Stack;
import io.windlass.harness.TcpProxy;
import io.windlass.harness.Wiring;
import io.windlass.testing.TestCluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** What chance would take long to bring about, brought about on purpose. */
@EnabledIf("available")
class HardCasesIT {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final String CLAIMED =
            "select count(*) from job_state where claim_token is not null";

    /**
     * Of a request that creates a Job: more than all else that may be on a held wire, so that two
     * such requests are told from one.
     */
    private static final int LARGE = 24_000;

    private static Cluster cluster;
    private static Wiring.Proxied wiring;
    private static Stack stack;
    private static Api api;

    static boolean available() {
        return SimulatedNodes.available() && AuditLog.available();
    }

    @BeforeAll
    static void start() throws Exception {
        Path kubeconfig = TestCluster.kubeconfig().orElseThrow();
        cluster = Cluster.of(kubeconfig);
        List<Wiring.Proxied> wired = new ArrayList<>();
        stack =
                new Stack(
                        Map.of(
                                "WINDLASS_CLEANUP_KEEP_SUCCEEDED", "0s",
                                "WINDLASS_CLEANUP_KEEP_FAILED", "0s",
                                "WINDLASS_CLEANUP_WAIT_FOR_LOGS", "20s",
                                // what a list finds is what these tests are about
                                "WINDLASS_CHECKS_RECONCILE", "3s"),
                        database -> {
                            wired.add(Wiring.Proxied.withoutMischief(database, kubeconfig));
                            return wired.getFirst();
                        });
        wiring = wired.getFirst();
        api = stack.api();
    }

    @AfterAll
    static void stop() throws Exception {
        if (stack != null) {
            stack.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private static Map<String, Object> simulated(String name) {
        return Api.with(Api.simulated(name), "namespace", cluster.namespace());
    }

    private static Map<String, Object> large(Map<String, Object> job) {
        Map<String, Object> filler = Map.of("name", "FILLER", "value", "x".repeat(LARGE));
        return Api.with(job, "env", List.of(filler));
    }

    private static Map<String, Object> sleeper(String name) {
        String script = "trap 'exit 0' TERM; sleep 600 & wait";
        return Api.with(Api.job(name, "sh", "-c", script), "namespace", cluster.namespace());
    }

    private static AuditLog audit() throws IOException {
        return AuditLog.read(AuditLog.file().orElseThrow(), cluster.namespace());
    }

    private static List<Pod> podsOf(String id) {
        return cluster.client()
                .pods()
                .inNamespace(cluster.namespace())
                .withLabel("windlass.io/job-id", id)
                .list()
                .getItems();
    }

    private static List<Job> jobsOf(String id) {
        return cluster.client()
                .batch()
                .v1()
                .jobs()
                .inNamespace(cluster.namespace())
                .withLabel("windlass.io/job-id", id)
                .list()
                .getItems();
    }

    /** Its requests to create have left it, and arrive only after all is over. */
    @Test
    void shouldRunNothingAgainWhenAFrozenCreatorThaws() throws Exception {
        List<Service> processors = stack.services("messages-processor");
        List<ProcessHandle> frozen = List.of(processors.get(0).process());
        Service other = processors.get(1);
        TcpProxy wire = wiring.wire("messages-processor-0", Wiring.Proxied.To.CLUSTER);
        String brake = "/api/v1/clusters/" + stack.cluster();
        api.call("POST", brake + "/pause", null);
        String ran = api.submit(large(simulated("ran-once")));
        String cancelled = api.submit(large(simulated("never-ran")));
        other.kill();
        wire.set(TcpProxy.Mode.HOLD);
        api.call("POST", brake + "/resume", null);
        Awaitility.await("it holds both claims, and both its requests are on the wire")
                .atMost(SOON)
                .until(() ->
                        stack.database().number(CLAIMED) == 2
                                && wire.held() + UnreadBytes.at(wire.port()) > 2 * LARGE);
        Signals.stop(frozen);
        assertThat(api.cancel(cancelled).status()).isEqualTo(202);
        other.startAgain();
        assertThat(api.awaitEnd(ran, SOON)).containsEntry("state", "SUCCEEDED");
        assertThat(api.awaitEnd(cancelled, SOON)).containsEntry("state", "CANCELLED");
        Awaitility.await("what ran is cleaned up")
                .atMost(SOON)
                .until(() ->
                        podsOf(ran).isEmpty()
                                && jobsOf(ran).stream().allMatch(HardCasesIT::suspended));
        AuditLog before = audit();

        wire.set(TcpProxy.Mode.PASS);
        Awaitility.await("its requests arrive, late, and find the names taken")
                .atMost(SOON)
                .until(() -> audit().refused().size() == before.refused().size() + 2);
        Signals.goOn(frozen);
        Awaitility.await("it has thawed, and works")
                .atMost(SOON)
                .ignoreExceptions()
                .until(() -> unknownJobs(0) == 0);

        assertThat(audit().creates()).as("nothing was made anew").isEqualTo(before.creates());
        assertThat(podsOf(ran)).isEmpty();
        assertThat(podsOf(cancelled)).isEmpty();
        assertThat(
                        stack.database()
                                .column("select pod_uid from job_pod where job_id = '" + ran + "'"))
                .as("pods that ever were")
                .hasSize(1);
        assertThat(
                        stack.database()
                                .column(
                                        "select pod_uid from job_pod where job_id = '"
                                                + cancelled
                                                + "'"))
                .isEmpty();
        assertThat(api.get(ran)).containsEntry("state", "SUCCEEDED");
        assertThat(api.get(cancelled))
                .containsEntry("state", "CANCELLED")
                .containsEntry("mayHaveRun", false);
    }

    private static boolean suspended(Job job) {
        return Boolean.TRUE.equals(job.getSpec().getSuspend());
    }

    @Test
    void shouldDeleteNobodysWorkWhereTheDatabaseIsSetBack() throws Exception {
        String known = api.submit(sleeper("known"));
        awaitRunning(known);
        Path backup = stack.database().backUp();
        awaitAnswers();
        String forgotten = api.submit(sleeper("forgotten"));
        awaitRunning(forgotten);
        Object cursor = lastCursor(forgotten);

        stack.database().restore(backup);
        awaitAnswers();

        Awaitility.await("both processors have listed, and found a Job that no row knows")
                .atMost(SOON)
                .ignoreExceptions()
                .until(() -> unknownJobs(0) == 1 && unknownJobs(1) == 1);
        assertThat(api.call("GET", "/api/v1/jobs/" + forgotten, null).status()).isEqualTo(404);
        assertThat(api.call("GET", "/api/v1/events?after=" + cursor, null).status())
                .as("a cursor from a time that has not been")
                .isEqualTo(410);
        String next = api.submit(simulated("next"));
        assertThat(api.awaitEnd(next, SOON)).containsEntry("state", "SUCCEEDED");
        assertThat(api.get(known)).containsEntry("state", "RUNNING");
        for (String id : List.of(known, forgotten)) {
            assertThat(jobsOf(id))
                    .singleElement()
                    .matches(j -> j.getMetadata().getDeletionTimestamp() == null);
            assertThat(podsOf(id))
                    .singleElement()
                    .matches(p -> p.getStatus().getPhase().equals("Running"));
        }
        assertThat(api.cancel(known).status()).isEqualTo(202);
        assertThat(api.awaitEnd(known, SOON)).containsEntry("state", "CANCELLED");
    }

    private static void awaitRunning(String id) {
        Awaitility.await(id + " runs")
                .atMost(SOON)
                .until(() -> "RUNNING".equals(api.get(id).get("state")));
    }

    private static void awaitAnswers() {
        stack.all().forEach(Service::awaitReady);
    }

    /** After the news of this job. */
    private static Object lastCursor(String id) throws IOException {
        Object cursor = null;
        boolean seen = false;
        while (!seen) {
            Map<String, Object> page =
                    api.call(
                                    "GET",
                                    "/api/v1/events?limit=1000"
                                            + (cursor == null ? "" : "&after=" + cursor),
                                    null)
                            .body();
            seen =
                    page.get("items").toString().contains(id)
                            && page.get("items").toString().contains("RUNNING");
            cursor = page.get("next");
        }
        return cursor;
    }

    private static long unknownJobs(int processor) throws IOException, InterruptedException {
        int port = stack.services("messages-processor").get(processor).port();
        try (HttpClient http = HttpClient.newHttpClient()) {
            String metrics =
                    http.send(
                                    HttpRequest.newBuilder(
                                                    URI.create(
                                                            "http://127.0.0.1:"
                                                                    + port
                                                                    + "/prometheus"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
            return metrics.lines()
                    .filter(line -> line.startsWith("windlass_status_drift"))
                    .filter(line -> line.contains("UNKNOWN_JOB"))
                    .mapToLong(line ->
                            (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .findFirst()
                    .orElse(-1);
        }
    }
}
