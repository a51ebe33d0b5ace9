package io.windlass.podscheduler;

import static io.windlass.podscheduler.Fleet.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.windlass.testing.ClusterLock;
import io.windlass.testing.TestCluster;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The ways to start and to end a pod-scheduler, and its API server's end. */
@EnabledIf("io.windlass.testing.TestCluster#available")
class SchedulerProcessIT {
    private static Fleet fleet;

    @TempDir Path folder;

    @BeforeAll
    static void begin() {
        fleet = new Fleet(20, "8");
    }

    @AfterAll
    static void end() {
        if (fleet != null) {
            fleet.close();
        }
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
                    assertThat(fleet.placed("agents").values())
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
        ClusterTool tool = ClusterTool.orSkip(TestCluster.tool());
        String name = fleet.name + "-away";
        try (SchedulerProcess spread =
                SchedulerProcess.daemon(
                        "--name", name, "--policy", "spread", "--lease-namespace", fleet.name)) {
            await().until(spread::leads);
            for (int i = 0; i < 40; i++) {
                fleet.pod("before-" + i, name, "10m");
            }
            // no other test may use the API server now
            try (ClusterLock _ = ClusterLock.take()) {
                tool.killApiServer();
                // a creation whose answer was lost is one, too
                await().until(() ->
                        fleet.exists("after") || fleet.pod("after", name, "10m") != null);
            }
            long back = System.nanoTime();
            // a watch that broke off is begun again after a pause that grows
            await().atMost(Duration.ofMinutes(5))
                    .until(() ->
                            fleet.pods().stream()
                                    .filter(p -> name.equals(p.getSpec().getSchedulerName()))
                                    .allMatch(p -> p.getSpec().getNodeName() != null));
            System.out.printf(
                    "[pod-scheduler] the API server was killed; all were bound %.1f s after it came back%n",
                    (System.nanoTime() - back) / 1e9);
            assertThat(spread.isAlive()).isTrue();
        }
    }
}
