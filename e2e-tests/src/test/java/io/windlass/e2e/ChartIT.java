package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.harness.Api;
import io.windlass.harness.Commands;
import io.windlass.harness.Deployed;
import io.windlass.harness.Figures;
import io.windlass.harness.Kubectl;
import io.windlass.harness.Volume;
import io.windlass.testing.LeftOut;
import io.windlass.testing.TestCertificate;
import io.windlass.testing.TestCluster;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chart, in a namespace that takes only pods of Pod Security's strictest level. The rights that
 * it gives are compared by ChartTest too, without a cluster.
 */
@EnabledIf("available")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ChartIT {
    private static final String HELM = System.getenv("WINDLASS_TEST_HELM");
    private static final Path ROOT = Path.of(System.getProperty("windlass.root", ".."));
    private static final String OWN = "windlass-chart";
    private static final String JOBS = "windlass-chart-jobs";
    private static final String NAMESPACES =
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: %1$s, labels: {pod-security.kubernetes.io/enforce: restricted}}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: %2$s, labels: {pod-security.kubernetes.io/enforce: restricted}}
            """
                    .formatted(OWN, JOBS);

    @TempDir private static Path folder;
    private static Kubectl kubectl;
    private static Volume volume;
    private static Deployed deployed;

    static boolean available() {
        return Deployments.available()
                && LeftOut.unless(HELM != null, "helm (WINDLASS_TEST_HELM is not set)");
    }

    @BeforeAll
    static void start() throws Exception {
        kubectl = new Kubectl(TestCluster.tool().orElseThrow(), OWN);
        removed();
        kubectl.apply(NAMESPACES);
        volume = Volume.make(kubectl, "windlass-e2e-chart");
    }

    @AfterAll
    static void stop() throws Exception {
        Figures.print();
        removed();
        if (volume != null) {
            volume.close();
        }
    }

    private static void removed() throws Exception {
        run(List.of("uninstall", "trial", "--ignore-not-found"));
        kubectl.deleteNow(NAMESPACES);
        // of a run that was broken off
        kubectl.run(
                "delete",
                "clusterrole,clusterrolebinding",
                "-l",
                "app.kubernetes.io/part-of=windlass,app.kubernetes.io/instance=trial");
    }

    /** Installs it, or upgrades it, by the same values and perhaps more. */
    private static String helm(String verb, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(verb, "trial", "charts/windlass"));
        for (String setting :
                List.of(
                        "targetNamespaces={" + JOBS + "}",
                        "webServer.service.type=NodePort",
                        "image.tag=dev",
                        "image.pullPolicy=Always",
                        "config.WINDLASS_ADMISSION_MAX_PENDING=50",
                        // simulated nodes have no logs to be waited for
                        "config.WINDLASS_LOGS_GIVE_UP=1s")) {
            arguments.addAll(List.of("--set", setting));
        }
        arguments.addAll(List.of(more));
        return run(arguments);
    }

    private static String run(List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(HELM));
        command.addAll(arguments);
        command.addAll(List.of("--namespace", OWN));
        String kubeconfig = TestCluster.kubeconfig().orElseThrow().toString();
        return Commands.run(ROOT, Map.of("KUBECONFIG", kubeconfig), command);
    }

    /** A job that may run where nobody is root. */
    private static Map<String, Object> job(String name) {
        Map<String, Object> job = deployed.job(name, "true");
        Object command = job.remove("command");
        Object image = job.remove("image");
        job.put(
                "podSpec",
                Map.of(
                        "securityContext",
                        Map.of("runAsUser", 65_534),
                        "containers",
                        List.of(Map.of("name", "main", "image", image, "command", command))));
        return job;
    }

    @Test
    @Order(1)
    void shouldBeReadyWithinThreeMinutesAndSayHowToReadItsToken() throws Exception {
        Instant begun = Instant.now();
        String notes = helm("install");
        Duration took = new Deployed(kubectl, null, JOBS).awaitReady();
        assertThat(took).isLessThan(Deployed.READY);
        Figures.put("`helm install` into another namespace, until all is ready", begun);
        String secret = "trial-windlass-api";
        assertThat(notes).contains("get secret " + secret);
        String token =
                kubectl.run("get", "secret", secret, "-o", "jsonpath={.data.WINDLASS_API_TOKEN}");
        String port =
                kubectl.run(
                        "get",
                        "service",
                        "trial-windlass",
                        "-o",
                        "jsonpath={.spec.ports[0].nodePort}");
        deployed =
                new Deployed(
                        kubectl,
                        new Api(
                                "http://127.0.0.1:" + port,
                                new String(
                                        Base64.getDecoder().decode(token), StandardCharsets.UTF_8)),
                        JOBS);
        assertThat(deployed.awaitEnd(deployed.submit(job("first"))))
                .containsEntry("state", "SUCCEEDED");
    }

    @Test
    @Order(2)
    void shouldFailAJobFastThatMayNotRunAsRoot() {
        Map<String, Object> end =
                deployed.awaitEnd(deployed.submit(deployed.job("as-root", "true")));
        assertThat(end).containsEntry("state", "FAILED").containsEntry("mayHaveRun", false);
        assertThat(end.get("message").toString()).contains("root");
    }

    @Test
    @Order(3)
    void shouldKeepItsTokenAndItsIdentityThroughAnUpgradeToPodsOfOtherValues() throws Exception {
        String before = secrets();
        TestCertificate authority = TestCertificate.of("nowhere", folder);
        kubectl.run(
                "create", "configmap", "authorities", "--from-file=private.pem=" + authority.pem());
        helm("upgrade", "-f", "charts/windlass/ci/extras.yaml");
        deployed.awaitReady();
        assertThat(secrets()).isEqualTo(before);
        assertThat(
                        kubectl.run(
                                "get",
                                "deployments",
                                "-l",
                                "app.kubernetes.io/component=web-server",
                                "-o",
                                "jsonpath={.items[*].spec.template.spec.securityContext}"))
                .as("without a user id")
                .contains("\"runAsNonRoot\":true")
                .doesNotContain("runAsUser");
        assertThat(deployed.awaitEnd(deployed.submit(job("after-an-upgrade"))))
                .containsEntry("state", "SUCCEEDED");
    }

    /** With the pod-scheduler, and with more of everything in each pod; nothing of it is made. */
    @Test
    @Order(4)
    void shouldBeAcceptedByTheClusterWithEveryValue() throws Exception {
        String manifests =
                run(
                        List.of(
                                "template",
                                "other",
                                "charts/windlass",
                                "-f",
                                "charts/windlass/ci/everything.yaml",
                                "--set",
                                "targetNamespaces={" + JOBS + "}",
                                // of kinds that this cluster does not have
                                "--set",
                                "metrics.serviceMonitor.enabled=false",
                                "--set",
                                "metrics.prometheusRule.enabled=false"));
        Path file =
                Files.writeString(
                        folder.resolve("everything.yaml"),
                        Deployments.joined(
                                Deployments.documents(manifests).stream()
                                        // these are another namespace's, and kubectl takes one
                                        .filter(document -> !document.contains("\nkind: Role"))));
        assertThat(
                        kubectl.run(
                                "apply",
                                "--dry-run=server",
                                "--validate=strict",
                                "-f",
                                file.toString()))
                .contains("deployment.apps/other-windlass-pod-scheduler created (server dry run)");
    }

    private static String secrets() throws Exception {
        return kubectl.run(
                "get",
                "secrets",
                "-l",
                "app.kubernetes.io/part-of=windlass",
                "-o",
                "jsonpath={.items[*].data}");
    }

    @Test
    @Order(5)
    @EnabledIf("io.windlass.testing.TestSize#isFull")
    void shouldGiveEachServiceItsRightsAndNoMore() throws Exception {
        for (String service : Deployments.SERVICES) {
            String account = "trial-windlass-" + service;
            assertThat(Rights.of(kubectl, account, JOBS))
                    .as(service)
                    .isEqualTo(Deployments.inTheNamespaceOfJobs(service));
            assertThat(Rights.of(kubectl, account, "default"))
                    .as("%s elsewhere", service)
                    .isEqualTo(Deployments.anywhere(service));
        }
    }

    @Test
    @Order(6)
    @EnabledIf("io.windlass.testing.TestSize#isFull")
    void shouldHealWhicheverPodIsKilled() throws Exception {
        Duration longest = deployed.killEachPod(job("after-a-kill"));
        Figures.put(
                "the chart: longest from the kill of a pod to the end of a job submitted after it",
                "%.1f s".formatted(longest.toMillis() / 1000.0));
    }
}
