package io.windlass.podscheduler;

import static io.windlass.podscheduler.Fleet.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.windlass.testing.TestCluster;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** On a real cluster with twenty simulated nodes, in processes of its own. */
@EnabledIf("io.windlass.testing.TestCluster#available")
class RealClusterTest {
    private static Fleet fleet;
    private static SchedulerProcess daemon;

    @TempDir Path folder;

    @BeforeAll
    static void begin() throws Exception {
        fleet = new Fleet(20, "8");
        daemon = SchedulerProcess.daemon("--name", fleet.name, "--lease-namespace", fleet.name);
        await().until(daemon::leads);
    }

    @AfterAll
    static void end() throws Exception {
        daemon.close();
        fleet.close();
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
        await().untilAsserted(() -> assertThat(placed("db")).isEqualTo(expected));
        Set<String> before = uids("db");
        fleet.client.pods().inNamespace(fleet.name).withLabel("app", "db").delete();
        await().untilAsserted(() -> {
            assertThat(uids("db")).hasSize(10).doesNotContainAnyElementsOf(before);
            assertThat(placed("db")).isEqualTo(expected);
        });
        System.out.println("[pod-scheduler] StatefulSet of 10: " + new TreeMap<>(expected));
    }

    private static Map<String, String> placed(String app) {
        return fleet
                .client
                .pods()
                .inNamespace(fleet.name)
                .withLabel("app", app)
                .list()
                .getItems()
                .stream()
                .collect(
                        Collectors.toMap(
                                p -> p.getMetadata().getName(),
                                p -> String.valueOf(p.getSpec().getNodeName())));
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
            assertThat(took).isLessThan(Duration.ofSeconds(1));
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
    void shouldPlacePodsOfADaemonSetEachOnItsNode() throws Exception {
        String name = fleet.name + "-ds";
        try (SchedulerProcess _ =
                SchedulerProcess.daemon(
                        "--name", name, "--policy", "spread", "--lease-namespace", fleet.name)) {
            fleet.cordon(7, true);
            fleet.client
                    .resource(
                            new DaemonSetBuilder()
                                    .withNewMetadata()
                                    .withNamespace(fleet.name)
                                    .withName("agents")
                                    .endMetadata()
                                    .withNewSpec()
                                    .withNewSelector()
                                    .addToMatchLabels("app", "agents")
                                    .endSelector()
                                    .withNewTemplate()
                                    .withNewMetadata()
                                    .addToLabels("app", "agents")
                                    .endMetadata()
                                    .withSpec(fleet.spec(name, "10m"))
                                    .endTemplate()
                                    .endSpec()
                                    .build())
                    .create();
            await().untilAsserted(() ->
                    assertThat(placed("agents").values())
                            .hasSize(20)
                            .doesNotHaveDuplicates()
                            .doesNotContain("null"));
            fleet.cordon(7, false);
        }
    }

    @Test
    void shouldDoOnePassAndSayWhetherAllWasPlaced() throws Exception {
        String name = fleet.name + "-once";
        Path rules = folder.resolve("rules.yaml");
        Files.writeString(rules, "rules: [{pods: 'ruled-*', node: '%s'}]".formatted(fleet.node(8)));
        fleet.pod("ruled-1", name, "1");
        String[] args = {"--name", name, "--rules", rules.toString()};

        try (SchedulerProcess dry = SchedulerProcess.start(with(args, "--dry-run"))) {
            assertThat(dry.exit(Duration.ofSeconds(60))).isZero();
            assertThat(dry.text())
                    .contains("would: " + fleet.name + "/ruled-1 to " + fleet.node(8));
            assertThat(fleet.nodeOf("ruled-1")).isNull();
        }
        fleet.pod("unruled", name, "1");
        try (SchedulerProcess once = SchedulerProcess.start(args)) {
            assertThat(once.exit(Duration.ofSeconds(60))).isEqualTo(Application.SOME_WAIT);
            assertThat(once.text())
                    .contains(fleet.name + "/ruled-1 to " + fleet.node(8))
                    .contains(fleet.name + "/unruled waits: no node is named");
            assertThat(fleet.nodeOf("ruled-1")).isEqualTo(fleet.node(8));
            assertThat(fleet.condition("unruled")).isPresent();
        }
        fleet.label(9, "rf.scheduler." + name + "." + fleet.name + "/unruled");
        try (SchedulerProcess again = SchedulerProcess.start(args)) {
            assertThat(again.exit(Duration.ofSeconds(60))).isZero();
            assertThat(fleet.nodeOf("unruled")).isEqualTo(fleet.node(9));
        }
    }

    private static String[] with(String[] args, String more) {
        return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void shouldReloadItsRulesServeItsMetricsAndEndWhenTold() throws Exception {
        String name = fleet.name + "-rules";
        Path rules = folder.resolve("rules.yaml");
        Files.writeString(rules, "rules: []");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (SchedulerProcess ruled =
                SchedulerProcess.daemon(
                        "--name",
                        name,
                        "--rules",
                        rules.toString(),
                        "--prometheus",
                        "--prometheus-port",
                        String.valueOf(port),
                        "--lease-namespace",
                        fleet.name)) {
            fleet.pod("job-7", name, "1");
            fleet.awaitCondition("job-7");
            Files.writeString(
                    rules,
                    "rules: [{pods: 'job-*', nodeSelector: {kubernetes.io/hostname: '%s-01{ordinal}'}}]"
                            .formatted(fleet.name));
            fleet.awaitNode("job-7", fleet.node(17));
            String metrics = get(port, "/metrics", 200);
            assertThat(metrics)
                    .contains(
                            "schedule_success_total{namespace=\""
                                    + fleet.name
                                    + "\",node=\""
                                    + fleet.node(17)
                                    + "\",pod=\"job-7\",scheduler=\""
                                    + name
                                    + "\"} 1.0")
                    .contains("schedule_leader{scheduler=\"" + name + "\"} 1.0");
            get(port, "/healthz", 200);
            get(port, "/readyz", 200);
            ruled.end();
            assertThat(ruled.exit(Duration.ofSeconds(20))).isEqualTo(143);
            assertThat(
                            fleet.client
                                    .leases()
                                    .inNamespace(fleet.name)
                                    .withName(name)
                                    .get()
                                    .getSpec()
                                    .getHolderIdentity())
                    .as("so that another need not wait")
                    .isEmpty();
        }
    }

    private static String get(int port, String path, int status) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(status);
            return answer.body();
        }
    }

    @Test
    void shouldGoOnWhereTheApiServerIsKilledUnderIt() throws Exception {
        Path tool = TestCluster.tool().orElse(null);
        if (tool == null) {
            return;
        }
        String name = fleet.name + "-away";
        try (SchedulerProcess spread =
                SchedulerProcess.daemon(
                        "--name", name, "--policy", "spread", "--lease-namespace", fleet.name)) {
            await().until(spread::leads);
            for (int i = 0; i < 40; i++) {
                fleet.pod("before-" + i, name, "10m");
            }
            Process restart =
                    new ProcessBuilder(tool.toString(), "restart", "--kill", "apiserver")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            assertThat(restart.waitFor(90, TimeUnit.SECONDS)).isTrue();
            await().ignoreExceptions()
                    .until(() ->
                            fleet.pod("after", name, "10m") != null
                                    || fleet.nodeOf("after") != null);
            await().until(() ->
                    fleet.pods().stream()
                            .filter(p -> name.equals(p.getSpec().getSchedulerName()))
                            .allMatch(p -> p.getSpec().getNodeName() != null));
            assertThat(spread.isAlive()).isTrue();
        }
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
