package io.windlass.e2e;

import static io.windlass.e2e.Pipeline.SOON;
import static io.windlass.e2e.Pipeline.expect;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.windlass.harness.Api;
import io.windlass.testing.TestCluster;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Pods that do not go when they should, and pods that only say whose they are. */
@EnabledIf("available")
class PodsThatStayIT {
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final long GRACE_SECONDS = 60;
    private static final String AWAY = "windlass.test/away";

    private static Pipeline pipeline;
    private static KubernetesClient client;
    private static Api api;

    static boolean available() {
        return TestCluster.available();
    }

    @BeforeAll
    static void start() throws Exception {
        pipeline =
                Pipeline.start(
                        Map.of(
                                "WINDLASS_CHECKS_DELETING", "2s",
                                "WINDLASS_CHECKS_DELETION_BOUND", BOUND.toSeconds() + "s",
                                "WINDLASS_CLEANUP_POD_GRACE", "5s"));
        client = pipeline.cluster().client();
        api = pipeline.api();
    }

    @AfterAll
    static void stop() throws Exception {
        if (pipeline != null) {
            pipeline.close();
        }
    }

    private static long podsRemain(String id) throws SQLException {
        return pipeline.stack()
                .database()
                .number(
                        "select count(*) from job_state where pods_remain_since is not null and job_id = '"
                                + id
                                + "'");
    }

    private static void settles(String id) {
        Awaitility.await("its pods are gone, and nothing is left")
                .atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> {
                    assertThat(podsOf(id)).isEmpty();
                    assertThat(podsRemain(id)).isZero();
                    assertThat(
                                    pipeline.stack()
                                            .database()
                                            .number(
                                                    "select count(*) from job_state where settled and job_id = '"
                                                            + id
                                                            + "'"))
                            .isEqualTo(1);
                });
    }

    private static List<Pod> podsOf(String id) {
        return client.pods()
                .inNamespace(pipeline.cluster().namespace())
                .withLabel("windlass.io/job-id", id)
                .list()
                .getItems();
    }

    private static Pod podOf(String id) {
        Awaitility.await("a pod on a node")
                .atMost(SOON)
                .until(() ->
                        podsOf(id).stream().anyMatch(pod -> pod.getSpec().getNodeName() != null));
        return podsOf(id).getFirst();
    }

    /** Nobody plays it: once its pods are there nothing becomes of them any more. */
    private static Node nodeThatStaysAway(String name) {
        Map<String, Quantity> room =
                Map.of(
                        "cpu", new Quantity("8"),
                        "memory", new Quantity("16Gi"),
                        "pods", new Quantity("20"));
        return new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels(AWAY, name)
                .endMetadata()
                .withNewStatus()
                .withAllocatable(room)
                .withCapacity(room)
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .withReason("OfATest")
                .withLastHeartbeatTime(Instant.now().toString())
                .withLastTransitionTime(Instant.now().toString())
                .endCondition()
                .endStatus()
                .build();
    }

    private static Map<String, Object> tolerates(String taint) {
        return Map.of("key", taint, "operator", "Exists");
    }

    @Test
    void shouldEndAJobWhoseNodeStaysAway() throws Exception {
        String name = "away-" + UUID.randomUUID().toString().substring(0, 8);
        client.nodes().resource(nodeThatStaysAway(name)).create();
        String id;
        try {
            Map<String, Object> job = Api.with(pipeline.job("away", "true"), "timeout", "5s");
            job = Api.with(job, "nodeSelector", Map.of(AWAY, name));
            job =
                    Api.with(
                            job,
                            "tolerations",
                            List.of(
                                    tolerates("node.kubernetes.io/not-ready"),
                                    tolerates("node.kubernetes.io/unreachable")));
            id = api.submit(job);
            assertThat(podOf(id).getSpec().getNodeName()).isEqualTo(name);
            Instant begin = Instant.now();
            Map<String, Object> end = api.awaitEnd(id, Duration.ofMinutes(2));
            expect(end, "FAILED", "DEADLINE_EXCEEDED");
            assertThat(end).containsEntry("mayHaveRun", true);
            assertThat(Duration.between(begin, Instant.now())).isGreaterThan(BOUND);
            assertThat(podsOf(id)).as("its node has not said that it is gone").hasSize(1);
            assertThat(podsRemain(id)).isEqualTo(1);
            Awaitility.await("it says what it waits for")
                    .atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(api.get(id).get("waiting"))
                                    .asString()
                                    .contains("PODS_REMAIN", name));
        } finally {
            client.nodes().withName(name).delete();
        }
        settles(id);
    }

    private static Map<String, Object> ignoresItsEnd(String name) {
        String ignores = "trap '' TERM; while true; do sleep 1; done";
        Map<String, Object> main = Way.main(Map.of("command", List.of("sh", "-c", ignores)));
        return Map.of(
                "name",
                name,
                "namespace",
                pipeline.cluster().namespace(),
                "podSpec",
                Map.of(
                        "terminationGracePeriodSeconds",
                        GRACE_SECONDS,
                        "containers",
                        List.of(main)));
    }

    @Test
    void shouldAnswerATimeoutThoughAProgramIgnoresIt() throws Exception {
        String id = api.submit(Api.with(ignoresItsEnd("late"), "timeout", "10s"));
        Map<String, Object> end = api.awaitEnd(id, Duration.ofMinutes(2));
        expect(end, "FAILED", "DEADLINE_EXCEEDED");
        assertThat(end).containsEntry("mayHaveRun", true);
        assertThat(podsRemain(id)).isEqualTo(1);
        settles(id);
    }

    @Test
    void shouldAnswerACancelThoughAProgramIgnoresIt() throws Exception {
        String id = api.submit(ignoresItsEnd("cancelled"));
        pipeline.awaitState(id, "RUNNING");
        api.cancel(id);
        Map<String, Object> end = api.awaitEnd(id, Duration.ofMinutes(2));
        expect(end, "CANCELLED", null);
        assertThat(podsRemain(id)).isEqualTo(1);
        settles(id);
    }

    /** Of another namespace's people, or of this one's: they have our labels from our pods. */
    @Test
    void shouldTakeNoStrangersPodForEvidence() throws Exception {
        String id = api.submit(pipeline.job("itself", "sleep", "40"));
        pipeline.awaitState(id, "RUNNING");
        Pod its = podOf(id);
        String other = api.submit(pipeline.job("another", "sleep", "40"));
        stranger(its, "no-owner", List.of());
        stranger(its, "another-owner", podOf(other).getMetadata().getOwnerReferences());
        Awaitility.await("their trouble can be seen")
                .atMost(SOON)
                .until(() -> podsOf(id).stream().filter(PodsThatStayIT::hasNoImage).count() == 2);
        expect(api.awaitEnd(id, Duration.ofMinutes(2)), "SUCCEEDED", null);
        for (String seen : List.of("job_pod", "log_pod")) {
            assertThat(
                            pipeline.stack()
                                    .database()
                                    .column(
                                            "select pod_uid from "
                                                    + seen
                                                    + " where job_id = '"
                                                    + id
                                                    + "'"))
                    .as(seen)
                    .containsExactly(its.getMetadata().getUid());
        }
        client.pods()
                .inNamespace(pipeline.cluster().namespace())
                .withLabel("windlass.test/stranger")
                .delete();
    }

    private static void stranger(Pod its, String name, List<OwnerReference> owners) {
        client.pods()
                .resource(
                        new PodBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .withNamespace(its.getMetadata().getNamespace())
                                .withLabels(ours(its))
                                .addToLabels("windlass.test/stranger", "true")
                                .withOwnerReferences(owners)
                                .endMetadata()
                                .withNewSpec()
                                .withRestartPolicy("Never")
                                .withContainers(
                                        new ContainerBuilder()
                                                .withName("main")
                                                .withImage("UPPER")
                                                .build())
                                .endSpec()
                                .build())
                .create();
    }

    private static Map<String, String> ours(Pod its) {
        Map<String, String> labels = new HashMap<>(its.getMetadata().getLabels());
        labels.keySet().removeIf(key -> !key.startsWith("windlass.io/"));
        return labels;
    }

    private static boolean hasNoImage(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .map(ContainerStatus::getState)
                .anyMatch(state ->
                        state.getWaiting() != null
                                && "InvalidImageName".equals(state.getWaiting().getReason()));
    }
}
