package io.windlass.podscheduler;

import static io.windlass.podscheduler.Fleet.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.windlass.testing.TestSize;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Where one pod-scheduler puts pods, on a real cluster with twenty simulated nodes. */
@EnabledIf("io.windlass.testing.TestCluster#available")
class PodSchedulerIT {
    // other work on the same cores may slow the short size down
    private static final Duration LABEL_TO_BOUND =
            TestSize.of(Duration.ofSeconds(5), Duration.ofSeconds(1));

    private static Fleet fleet;
    private static SchedulerProcess daemon;

    @BeforeAll
    static void begin() throws Exception {
        fleet = new Fleet(20, "8");
        daemon = SchedulerProcess.daemon("--name", fleet.name, "--lease-namespace", fleet.name);
        await().until(daemon::leads);
    }

    @AfterAll
    static void end() throws Exception {
        try (Fleet _ = fleet;
                SchedulerProcess _ = daemon) {}
    }

    private static String key(String pod) {
        return "rf.scheduler." + fleet.name + "." + fleet.name + "/" + pod;
    }

    private static String ours(String pod) {
        return fleet.name + "." + fleet.name + ".pods.windlass.io/" + pod;
    }

    @Test
    void shouldPlaceAStatefulSetExactlyAsLabelledAndKeepItThere() {
        Map<String, String> expected =
                IntStream.range(0, 10)
                        .boxed()
                        .collect(Collectors.toMap(i -> "db-" + i, i -> fleet.node(19 - i)));
        for (int i = 0; i < 10; i++) {
            fleet.label(19 - i, i % 2 == 0 ? key("db-" + i) : ours("db-" + i));
        }
        fleet.client
                .resource(
                        new StatefulSetBuilder()
                                .withNewMetadata()
                                .withNamespace(fleet.name)
                                .withName("db")
                                .endMetadata()
                                .withNewSpec()
                                .withReplicas(10)
                                .withPodManagementPolicy("Parallel")
                                .withServiceName("db")
                                .withNewSelector()
                                .addToMatchLabels("app", "db")
                                .endSelector()
                                .withNewTemplate()
                                .withNewMetadata()
                                .addToLabels("app", "db")
                                .endMetadata()
                                .withSpec(fleet.spec(fleet.name, "100m"))
                                .endTemplate()
                                .endSpec()
                                .build())
                .create();
        await().untilAsserted(() -> assertThat(fleet.placed("db")).isEqualTo(expected));
        Set<String> before = uids("db");
        fleet.client.pods().inNamespace(fleet.name).withLabel("app", "db").delete();
        await().untilAsserted(() -> {
            assertThat(uids("db")).hasSize(10).doesNotContainAnyElementsOf(before);
            assertThat(fleet.placed("db")).isEqualTo(expected);
        });
        System.out.println("[pod-scheduler] StatefulSet of 10: " + new TreeMap<>(expected));
    }

    private static Set<String> uids(String app) {
        return fleet
                .client
                .pods()
                .inNamespace(fleet.name)
                .withLabel("app", app)
                .list()
                .getItems()
                .stream()
                .map(p -> p.getMetadata().getUid())
                .collect(Collectors.toSet());
    }

    @Test
    void shouldLetAPodWaitWithAReasonAndBindItAsSoonAsItsLabelIsThere() throws Exception {
        fleet.pod("late", fleet.name, "1");
        assertThat(fleet.awaitCondition("late"))
                .contains("no node is named", key("late"), ours("late"));
        await().until(() -> fleet.events("late", "FailedScheduling").size() == 1);
        CompletableFuture<Long> bound = new CompletableFuture<>();
        try (var _ =
                fleet.client
                        .pods()
                        .inNamespace(fleet.name)
                        .withName("late")
                        .watch(boundAt(bound))) {
            long labelled = System.nanoTime();
            fleet.label(3, key("late"));
            Duration took = Duration.ofNanos(bound.get(10, TimeUnit.SECONDS) - labelled);
            System.out.println("[pod-scheduler] label to bound: " + took.toMillis() + " ms");
            assertThat(took).isLessThan(LABEL_TO_BOUND);
        }
        assertThat(fleet.nodeOf("late")).isEqualTo(fleet.node(3));
        await().until(() -> fleet.events("late", "Scheduled").size() == 1);
    }

    private static Watcher<Pod> boundAt(CompletableFuture<Long> bound) {
        return new Watcher<>() {
            @Override
            public void eventReceived(Action action, Pod pod) {
                if (pod.getSpec().getNodeName() != null) {
                    bound.complete(System.nanoTime());
                }
            }

            @Override
            public void onClose(WatcherException cause) {
                bound.completeExceptionally(cause);
            }
        };
    }

    @Test
    void shouldRespectTaintsCordonsAndFullNodes() {
        fleet.cordon(0, true);
        fleet.label(0, key("cordoned"));
        fleet.pod("cordoned", fleet.name, "1");
        assertThat(fleet.awaitCondition("cordoned"))
                .contains(fleet.node(0) + ": node(s) were unschedulable");
        fleet.cordon(0, false);
        fleet.awaitNode("cordoned", fleet.node(0));

        fleet.label(1, key("tainted"));
        fleet.edit(1, n -> n.editSpec().addNewTaint("NoExecute", "extra", null, "yes").endSpec());
        fleet.pod("tainted", fleet.name, "1");
        assertThat(fleet.awaitCondition("tainted")).contains("untolerated taint {extra: yes}");
        fleet.edit(
                1,
                n ->
                        n.editSpec()
                                .removeMatchingFromTaints(t -> "extra".equals(t.getKey()))
                                .endSpec());
        fleet.awaitNode("tainted", fleet.node(1));

        fleet.label(2, key("large"));
        fleet.label(2, key("too-much"));
        fleet.pod("large", fleet.name, "7");
        fleet.awaitNode("large", fleet.node(2));
        fleet.pod("too-much", fleet.name, "2");
        assertThat(fleet.awaitCondition("too-much")).contains(fleet.node(2) + ": Insufficient cpu");
        fleet.client.pods().inNamespace(fleet.name).withName("large").delete();
        fleet.awaitNode("too-much", fleet.node(2));
    }

    @Test
    void shouldTakeTheFirstOfTwoLabelledNodesAndWarn() {
        fleet.label(5, key("torn"));
        fleet.label(4, key("torn"));
        fleet.pod("torn", fleet.name, "1");
        fleet.awaitNode("torn", fleet.node(4));
        await().untilAsserted(() ->
                assertThat(fleet.events("torn", "AmbiguousPlacement"))
                        .singleElement()
                        .asString()
                        .contains("2 nodes are named", fleet.node(4) + " is the first"));
    }

    @Test
    void shouldHeedAnnotationsAndLeaveGatedPodsAlone() {
        fleet.pod(
                "gated",
                new PodSpecBuilder(fleet.spec(fleet.name, "1"))
                        .addNewSchedulingGate("example.com/wait")
                        .build(),
                Map.of("windlass.io/node", fleet.node(6)));
        fleet.pod(
                "annotated",
                fleet.spec(fleet.name, "1"),
                Map.of("windlass.io/node", fleet.node(6)));
        fleet.awaitNode("annotated", fleet.node(6));
        assertThat(fleet.nodeOf("gated")).isNull();
        assertThat(fleet.events("gated", "FailedScheduling")).isEmpty();
        fleet.client
                .pods()
                .inNamespace(fleet.name)
                .withName("gated")
                .edit(p -> new PodBuilder(p).editSpec().withSchedulingGates().endSpec().build());
        fleet.awaitNode("gated", fleet.node(6));
    }

    @Test
    void shouldSayWhatIsNotSupported() {
        fleet.pod(
                "choosy",
                new PodSpecBuilder(fleet.spec(fleet.name, "1"))
                        .withNewAffinity()
                        .withNewPodAntiAffinity()
                        .addNewRequiredDuringSchedulingIgnoredDuringExecution()
                        .withTopologyKey("kubernetes.io/hostname")
                        .endRequiredDuringSchedulingIgnoredDuringExecution()
                        .endPodAntiAffinity()
                        .endAffinity()
                        .addNewVolume()
                        .withName("data")
                        .withNewPersistentVolumeClaim("none", false)
                        .endVolume()
                        .build(),
                Map.of());
        assertThat(fleet.awaitCondition("choosy"))
                .isEqualTo("not supported by this scheduler: required pod anti-affinity");
        fleet.pod(
                "claiming",
                new PodSpecBuilder(fleet.spec(fleet.name, "1"))
                        .addNewVolume()
                        .withName("data")
                        .withNewPersistentVolumeClaim("none", false)
                        .endVolume()
                        .build(),
                Map.of());
        assertThat(fleet.awaitCondition("claiming"))
                .isEqualTo("persistentvolumeclaim \"none\" not found");
    }

    @Test
    void shouldCountAnEventUpThatIsSaidAgain() throws Exception {
        Pod pod = fleet.pod("again", fleet.name, "1");
        fleet.awaitCondition("again");
        await().until(() -> fleet.events("again", "FailedScheduling").size() == 1);
        // somebody sets its condition back: the reason is told once more
        fleet.client
                .pods()
                .inNamespace(fleet.name)
                .withName("again")
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.STRATEGIC_MERGE),
                        "{\"status\":{\"conditions\":[{\"type\":\"PodScheduled\",\"status\":\"False\",\"reason\":\"Unschedulable\",\"message\":\"other\"}]}}");
        await().untilAsserted(() ->
                assertThat(
                                fleet.client
                                        .v1()
                                        .events()
                                        .inNamespace(fleet.name)
                                        .withField("involvedObject.uid", pod.getMetadata().getUid())
                                        .list()
                                        .getItems())
                        .filteredOn(e -> "FailedScheduling".equals(e.getReason()))
                        .singleElement()
                        .satisfies(e -> assertThat(e.getCount()).isEqualTo(2)));
    }
}
