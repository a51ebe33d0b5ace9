package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.windlass.harness.Api;
import io.windlass.harness.Cluster;
import io.windlass.harness.Figures;
import io.windlass.harness.LogStack;
import io.windlass.harness.SimulatedNodes;
import io.windlass.harness.Stack;
import io.windlass.json.Json;
import io.windlass.testing.TestCluster;
import io.windlass.testing.TestSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Simulated nodes have no logs: once that is known of them their ended jobs wait for none. Graces
 * are as shipped; one gateway, since each learns it by itself.
 */
@EnabledIf("available")
class NodesWithoutLogsIT {
    private static final int JOBS = TestSize.of(100, 500);

    /** More than it takes to know a node. */
    private static final int JOBS_OF_A_NODE = 4;

    private static final Duration UNTIL_KNOWN = Duration.ofMinutes(6);
    private static final Duration ALL_ENDED = Duration.ofMinutes(5);
    private static final Duration GONE = Duration.ofSeconds(10);

    private static final String UNSETTLED = "select count(*) from job_state where not settled";
    private static final String SUCCEEDED =
            "select count(*) from job_state where state = 'SUCCEEDED'";
    private static final String UNREADABLE =
            "select count(*) from log where closed_at is not null and losses @> '[{\"why\": \"UNREADABLE\"}]'";

    static boolean available() {
        return SimulatedNodes.available();
    }

    private static List<Node> nodes(Cluster cluster) {
        return cluster.client().nodes().withLabel("type", "kwok").list().getItems();
    }

    private static List<Map<String, Object>> firstJobs(Cluster cluster) {
        List<Map<String, Object>> jobs = new ArrayList<>();
        for (Node node : nodes(cluster)) {
            Map<String, String> labels = node.getMetadata().getLabels();
            for (int i = 0; i < JOBS_OF_A_NODE; i++) {
                Map<String, Object> job =
                        Api.with(Api.simulated("first-" + i), "namespace", cluster.namespace());
                jobs.add(
                        Api.with(
                                job,
                                "nodeSelector",
                                Map.of(
                                        "kubernetes.io/hostname",
                                        labels.get("kubernetes.io/hostname"))));
            }
        }
        return jobs;
    }

    private static double known(Stack stack) throws IOException {
        return LogStack.metric(
                stack.services("cluster-gateway").getFirst().port(), "windlass_logs_nodes_without");
    }

    @Test
    void shouldLeaveNoJobBehindOnNodesThatAreKnownToHaveNoLogs() throws Exception {
        Path kubeconfig = TestCluster.kubeconfig().orElseThrow();
        try (Cluster cluster = Cluster.of(kubeconfig);
                Stack stack = Stack.ofSingles(kubeconfig, settings(cluster))) {
            Instant begin = Instant.now();
            int nodes = nodes(cluster).size();
            int first = stack.api().submitAll(firstJobs(cluster)).size();
            Awaitility.await("all nodes are known to have no logs")
                    .atMost(UNTIL_KNOWN)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> known(stack) == nodes);
            Figures.put("the first " + first + " jobs, POST to all nodes known", begin);
            awaitNumber(stack, UNSETTLED, 0, UNTIL_KNOWN);
            Figures.put("the first " + first + " jobs, POST to all settled", begin);
            assertThat(problems(stack)).contains("NODE_WITHOUT_LOGS");

            long unreadable = stack.database().number(UNREADABLE);
            List<Map<String, Object>> jobs = new ArrayList<>();
            for (int i = 0; i < JOBS; i++) {
                jobs.add(Api.with(Api.simulated("then-" + i), "namespace", cluster.namespace()));
            }
            Instant submitted = Instant.now();
            stack.api().submitAll(jobs);
            awaitNumber(stack, SUCCEEDED, (long) first + JOBS, ALL_ENDED);
            Instant ended = Instant.now();
            Figures.put(JOBS + " jobs, POST to the last SUCCEEDED", submitted);
            Awaitility.await("nothing is left")
                    .atMost(GONE)
                    .untilAsserted(() -> {
                        assertThat(cluster.jobs(stack.installation())).isEmpty();
                        assertThat(cluster.pods(stack.installation())).isZero();
                    });
            Figures.put("the last SUCCEEDED to no Job left", ended);
            assertThat(stack.database().number(UNREADABLE))
                    .as("receipts that say so")
                    .isEqualTo(unreadable + JOBS);
        } finally {
            Figures.print();
        }
    }

    private static Map<String, String> settings(Cluster cluster) {
        Map<String, String> settings = new HashMap<>();
        settings.put("WINDLASS_CLEANUP_KEEP_SUCCEEDED", "0s");
        settings.put("WINDLASS_CLEANUP_KEEP_FAILED", "0s");
        settings.put("WINDLASS_CLUSTER_NAMESPACES", cluster.namespace());
        settings.put("WINDLASS_LOGS_GIVE_UP", "2m");
        return settings;
    }

    private static void awaitNumber(Stack stack, String query, long number, Duration most) {
        Awaitility.await(query)
                .atMost(most)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> stack.database().number(query) == number);
    }

    private static String problems(Stack stack) throws IOException {
        return Json.write(stack.api().call("GET", "/api/v1/problems", null).body());
    }
}
