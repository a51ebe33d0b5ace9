package io.windlass.e2e;

import static io.windlass.e2e.Pipeline.expect;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.windlass.harness.Api;
import io.windlass.harness.Cluster;
import io.windlass.harness.Figures;
import io.windlass.harness.Stack;
import io.windlass.testing.TestCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Reasons that no other test brings about on a real cluster. */
@EnabledIf("available")
class ReasonsIT {
    private static final Duration SOON = Duration.ofMinutes(2);

    /** A Job controller waits 10, 20 and 40 s between four pods. */
    private static final Duration AFTER_FOUR_PODS = Duration.ofMinutes(4);

    private static Cluster cluster;
    private static Stack stack;
    private static Api api;

    static boolean available() {
        return TestCluster.available();
    }

    static boolean pullsMayBeSlow() {
        return Ways.REGISTRY != null;
    }

    @BeforeAll
    static void start() throws Exception {
        Path kubeconfig = TestCluster.kubeconfig().orElseThrow();
        cluster = Cluster.of(kubeconfig);
        Map<String, String> settings = new HashMap<>();
        settings.put("WINDLASS_CLUSTER_NAMESPACES", cluster.namespace());
        settings.put("WINDLASS_CLEANUP_KEEP_FAILED", "0s");
        settings.put("WINDLASS_JOBS_ALLOW", "*:node-name");
        stack = Stack.ofSingles(kubeconfig, settings);
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

    private static Map<String, Object> job(String name, String... command) {
        return Api.with(Api.job(name, command), "namespace", cluster.namespace());
    }

    private static Map<String, Object> within(Map<String, Object> job, String startTimeout) {
        return Api.with(job, "startTimeout", startTimeout);
    }

    private static Map<String, Object> ended(Map<String, Object> job, Duration most)
            throws Exception {
        Instant begin = Instant.now();
        Map<String, Object> end = api.awaitEnd(api.submit(job), most);
        Figures.put("job `" + job.get("name") + "`, POST to its end", begin);
        return end;
    }

    /** A kubelet ends a pull before it ends the pod. */
    @Test
    @EnabledIf("pullsMayBeSlow")
    void shouldSayOfWhatDidNotStartInTimeThatItsImageWasBeingPulled() throws Exception {
        Map<String, Object> slow =
                Api.with(job("slow-pull", "true"), "image", Ways.REGISTRY + "/slow-30/x:1");
        Map<String, Object> end = ended(within(slow, "10s"), SOON);
        expect(end, "FAILED", "START_TIMEOUT");
        assertThat(end.get("message").toString()).contains("begun to pull its image");
        assertThat(end).containsEntry("mayHaveRun", false);
    }

    @Test
    void shouldSayOfWhatDidNotStartInTimeThatItsNodeWasFull() throws Exception {
        try (NodeWithoutKubelet node = NodeWithoutKubelet.in(cluster)) {
            Map<String, Object> whole = Map.of("cpu", "4");
            String first =
                    api.submit(Api.with(node.takes(job("takes-all", "true")), "resources", whole));
            node.awaitPodOf(first);
            Map<String, Object> second =
                    Api.with(node.takes(job("waits", "true")), "resources", whole);
            Map<String, Object> end = ended(within(second, "10s"), SOON);
            expect(end, "FAILED", "START_TIMEOUT");
            assertThat(end.get("message").toString()).contains("Insufficient cpu");
            api.cancel(first);
        }
        cluster.client().pods().inNamespace(cluster.namespace()).withGracePeriod(0).delete();
    }

    @Test
    void shouldSayOfWhatDidNotStartInTimeWhichSecretItWaitedFor() throws Exception {
        Map<String, Object> absent = Map.of("name", "absent", "key", "k");
        Map<String, Object> waits =
                Api.with(
                        Api.with(job("no-secret", "true"), "onMissingConfig", "wait"),
                        "env",
                        List.of(Map.of("name", "TOKEN", "secretRef", absent)));
        Map<String, Object> end = ended(within(waits, "10s"), SOON);
        expect(end, "FAILED", "START_TIMEOUT");
        assertThat(end.get("message").toString()).contains("secret \"absent\" not found");
    }

    /** Its kubelet refuses each pod: a bound pod that asks for more than the node has. */
    @Test
    void shouldSayThatANodeRefusedItsPodsMoreOftenThanIsTriedAgain() throws Exception {
        Map<String, Object> container =
                Way.main(Map.of("resources", Map.of("requests", Map.of("cpu", "1000"))));
        Map<String, Object> refused =
                Map.of(
                        "name",
                        "refused",
                        "namespace",
                        cluster.namespace(),
                        "podSpec",
                        Map.of("nodeName", realNode(), "containers", List.of(container)));
        Map<String, Object> end = ended(refused, AFTER_FOUR_PODS);
        expect(end, "FAILED", "EVICTED");
        assertThat(end.get("message").toString()).contains("cpu");
        assertThat(end.get("exitCode")).isNull();
    }

    @Test
    void shouldSayThatAllRetriesFailedAndHowTheLastEnded() throws Exception {
        Map<String, Object> fails = job("fails", "sh", "-c", "echo broken; exit 7");
        Map<String, Object> end = ended(Api.with(fails, "maxRetries", 1), SOON);
        expect(end, "FAILED", "BACKOFF_LIMIT_EXCEEDED");
        assertThat(end.get("exitCode")).hasToString("7");
        assertThat(end.get("message")).hasToString("broken");
    }

    private static String realNode() {
        return cluster.client().nodes().list().getItems().stream()
                .filter(node -> !"kwok".equals(node.getMetadata().getLabels().get("type")))
                .filter(node -> !node.getMetadata().getName().startsWith("no-kubelet-"))
                .map(Node::getMetadata)
                .findFirst()
                .orElseThrow()
                .getName();
    }
}
