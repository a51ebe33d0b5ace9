package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.harness.Api;
import io.windlass.harness.Deployed;
import io.windlass.harness.Figures;
import io.windlass.harness.Images;
import io.windlass.harness.Kubectl;
import io.windlass.harness.Submitting;
import io.windlass.harness.Volume;
import io.windlass.json.Json;
import io.windlass.testing.HostilePods;
import io.windlass.testing.TestCluster;
import io.windlass.testing.TestSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The manifests of {@code minikube/} as they are, with the images of this build, on a cluster that
 * runs containers: first those of an earlier version, which is upgraded under load.
 */
@EnabledIf("available")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeployedIT {
    /**
     * Has images, and not the last migration. Its web-servers close idle connections when they end:
     * {@code Farewell} came later, and no version has that and a schema that this one's migrations
     * can be applied to.
     */
    private static final String EARLIER = "5e18397d575b53133a28ff11a2555ef028ca249c";

    private static final Path ROOT = Path.of(System.getProperty("windlass.root", ".."));
    private static final String TOKEN = "laptop-only-token-0123456789";
    private static final Duration SIDE_BY_SIDE =
            TestSize.of(Duration.ofSeconds(8), Duration.ofSeconds(15));

    /** In the full size more than two cores can run; in the short one nothing piles up. */
    private static final int PER_SECOND = TestSize.of(5, 20);

    /** One for each web-server of the earlier version. */
    private static final int BROKEN_OFF_LIMIT = 2;

    private static final Duration END_LIMIT = Duration.ofMinutes(15);

    private static Kubectl kubectl;
    private static Volume volume;
    private static Deployed deployed;
    private static String manifests;
    private static Images images;
    private static Images earlier;

    static boolean available() {
        return Deployments.available();
    }

    @BeforeAll
    static void start() throws Exception {
        kubectl = new Kubectl(TestCluster.tool().orElseThrow(), "windlass");
        images = Images.ofThisBuild();
        manifests = images.in(Deployments.minikube(ROOT));
        kubectl.deleteNow(manifests);
        volume = Volume.make(kubectl, "windlass-e2e-minikube");
        deployed = new Deployed(kubectl, new Api("http://127.0.0.1:30880", TOKEN), "default");
    }

    @AfterAll
    static void stop() throws Exception {
        Figures.print();
        if (System.getenv("WINDLASS_TEST_KEEP") != null) {
            return;
        }
        if (manifests != null) {
            kubectl.deleteNow(manifests);
        }
        if (volume != null) {
            volume.close();
        }
    }

    @Test
    @Order(1)
    void shouldBeReadyWithinThreeMinutesFromAnEmptyCluster() throws Exception {
        earlier = Images.ofCommit(EARLIER);
        assertThat(earlier.revisions().values())
                .as("the commits that its images are labelled with")
                .containsOnly(EARLIER);
        String before = earlier.in(Deployments.minikubeAt(ROOT, EARLIER));
        Instant begun = Instant.now();
        kubectl.apply(before);
        deployed.awaitReady();
        Duration took =
                Figures.put("`minikube/` applied to an empty cluster, until all is ready", begun);
        assertThat(took).isLessThan(Deployed.READY);
        Map<String, Object> end = deployed.awaitEnd(deployed.submit(deployed.job("first", "true")));
        assertThat(end).containsEntry("state", "SUCCEEDED");
    }

    @Test
    @Order(2)
    void shouldBeUpgradedUnderLoadWithBothVersionsSideBySide() throws Exception {
        try (Submitting load = new Submitting(deployed.api(), simulated(), PER_SECOND)) {
            load.allowBrokenOff(BROKEN_OFF_LIMIT);
            List<String> documents = Deployments.documents(manifests);
            // web-server migrates; the processors stay as they are for a while
            kubectl.apply(
                    Deployments.joined(
                            documents.stream().filter(d -> !isDeploymentOf(d, "processor"))));
            deployed.awaitReady();
            Awaitility.await("the earlier version's web-servers are gone")
                    .atMost(Duration.ofMinutes(2))
                    .until(
                            DeployedIT::runningImages,
                            running -> !running.contains(earlier.of("web-server")));
            load.allowBrokenOff(0);
            assertThat(runningImages())
                    .as("both versions run")
                    .contains(images.of("web-server"), earlier.of("messages-processor"));
            int acceptedBefore = load.accepted().size();
            awaitMore(load, acceptedBefore + PER_SECOND * (int) SIDE_BY_SIDE.toSeconds());
            kubectl.apply(manifests);
            deployed.awaitReady();
            awaitMore(load, load.accepted().size() + 5 * PER_SECOND);
            nothingIsLost(load, "rolling upgrade from an earlier version");
            assertThat(load.brokenOff())
                    .as("requests that an earlier web-server broke off")
                    .isLessThanOrEqualTo(BROKEN_OFF_LIMIT);
        }
        Awaitility.await("only this version runs")
                .atMost(Duration.ofMinutes(2))
                .untilAsserted(() ->
                        assertThat(runningImages())
                                .containsAll(Deployments.SERVICES.stream().map(images::of).toList())
                                .doesNotContainAnyElementsOf(
                                        Deployments.SERVICES.stream().map(earlier::of).toList()));
    }

    @Test
    @Order(3)
    @EnabledIf("io.windlass.testing.TestSize#isFull")
    void shouldBeRestartedUnderLoadWithoutAFailedRequestOrALostJob() throws Exception {
        try (Submitting load = new Submitting(deployed.api(), simulated(), PER_SECOND)) {
            awaitMore(load, PER_SECOND);
            kubectl.run("rollout", "restart", "deployment");
            deployed.awaitReady();
            awaitMore(load, load.accepted().size() + 5 * PER_SECOND);
            nothingIsLost(load, "rolling restart of every Deployment");
            assertThat(load.brokenOff()).as("requests whose connection was closed").isZero();
        }
    }

    @Test
    @Order(4)
    @EnabledIf("io.windlass.testing.TestSize#isFull")
    void shouldFailAJobFastWhoseImageIsMissing() throws Exception {
        Map<String, Object> job = deployed.job("missing", "true");
        job.put("image", "docker.io/windlass/there-is-no-such-image:1");
        Instant begun = Instant.now();
        Map<String, Object> end = deployed.awaitEnd(deployed.submit(job));
        assertThat(end).containsEntry("state", "FAILED").containsEntry("reason", "IMAGE_NOT_FOUND");
        Figures.put("deployed: a missing image, POST to FAILED (grace 60 s)", begun);
    }

    @Test
    @Order(5)
    void shouldRunAsNobodyOnAFileSystemThatCannotBeWritten() throws Exception {
        for (String pod : kubectl.names("pods")) {
            List<String> answer =
                    kubectl.run("exec", pod, "--", "sh", "-c", "id -u; touch /x 2>&1 || true")
                            .lines()
                            .toList();
            assertThat(answer.getFirst()).as("user of %s", pod).isNotEqualTo("0");
            assertThat(answer.getLast()).as(pod).containsIgnoringCase("read-only");
        }
    }

    @Test
    @Order(6)
    void shouldGiveEachServiceItsRightsAndNoMore() throws Exception {
        for (String service : Deployments.SERVICES) {
            assertThat(Rights.of(kubectl, service, "default"))
                    .as(service)
                    .isEqualTo(Deployments.inTheNamespaceOfJobs(service));
        }
        for (String elsewhere : List.of("windlass", "kube-system")) {
            for (String service : Deployments.SERVICES) {
                assertThat(Rights.of(kubectl, service, elsewhere))
                        .as("%s in %s", service, elsewhere)
                        .isEqualTo(Deployments.anywhere(service));
            }
        }
        assertThatThrownBy(() ->
                        kubectl.run(
                                "get",
                                "secrets",
                                "--as=system:serviceaccount:windlass:messages-processor"))
                .hasMessageContaining("forbidden");
        for (String pod : kubectl.names("pods")) {
            boolean watches =
                    pod.startsWith("cluster-gateway")
                            || (pod.contains("processor")
                                    && !pod.startsWith("schedules-processor"));
            String token = "/var/run/secrets/kubernetes.io/serviceaccount/token";
            assertThat(
                            kubectl.run(
                                            "exec",
                                            pod,
                                            "--",
                                            "sh",
                                            "-c",
                                            "test -e " + token + " && echo there || echo none")
                                    .strip())
                    .as("token of %s", pod)
                    .isEqualTo(watches ? "there" : "none");
        }
    }

    static Stream<String> hostile() {
        return HostilePods.lines().stream();
    }

    @ParameterizedTest
    @MethodSource("hostile")
    @Order(7)
    void shouldRefuseAHostilePodByItsField(String line) throws Exception {
        Map<String, Object> hostile = Json.asObject(Json.parse(line));
        Api.Answer answer = deployed.api().call("POST", "/api/v1/jobs", hostile.get("job"));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body().get("errors").toString())
                .contains(hostile.get("pointer").toString());
    }

    @Test
    @Order(8)
    void shouldRefuseItsOwnNamespaceAndAnyOther() throws Exception {
        for (String namespace : List.of("windlass", "kube-system")) {
            Map<String, Object> job = Api.with(Api.job("own", "true"), "namespace", namespace);
            assertThat(deployed.api().call("POST", "/api/v1/jobs", job).status())
                    .as(namespace)
                    .isIn(403, 422);
        }
    }

    @Test
    @Order(9)
    void shouldHealWhicheverPodIsKilled() throws Exception {
        Map<String, Object> job = deployed.job("after-a-kill", "true");
        Duration took =
                TestSize.isFull()
                        ? deployed.killEachPod(job)
                        : deployed.killOneOfEachDeployment(job);
        Figures.put(
                TestSize.of(
                        "from the kill of a pod of each Deployment to the end of a job submitted when all was ready again",
                        "longest from the kill of a pod to the end of a job submitted after it"),
                "%.1f s".formatted(took.toMillis() / 1000.0));
        assertThat(took).isLessThan(Deployed.READY);
    }

    @Test
    @Order(10)
    void shouldHaveAPodSchedulerBesideItThatPlacesPodsAsTold() throws Exception {
        DeployedPodScheduler scheduler = new DeployedPodScheduler(ROOT, kubectl, deployed, images);
        try {
            scheduler.hasItsRightsAndNoMore();
            scheduler.placesTheExampleAsLabelled();
            scheduler.runsAJobThatNamesIt();
            scheduler.doesOnePass();
        } finally {
            scheduler.remove();
        }
    }

    private static Map<String, Object> simulated() {
        Map<String, Object> job = new HashMap<>(Api.simulated("load"));
        job.put("namespace", "default");
        return job;
    }

    private static boolean isDeploymentOf(String document, String what) {
        return document.contains("kind: Deployment")
                && document.lines().anyMatch(l -> l.startsWith("  name: ") && l.endsWith(what));
    }

    private static List<String> runningImages() throws IOException, InterruptedException {
        return Stream.of(
                        kubectl.run(
                                        "get",
                                        "pods",
                                        "-o",
                                        "jsonpath={.items[*].spec.containers[*].image}")
                                .split(" "))
                .distinct()
                .toList();
    }

    private static void awaitMore(Submitting load, int accepted) {
        Awaitility.await(accepted + " submissions")
                .atMost(Duration.ofMinutes(2))
                .until(() -> load.accepted().size() >= accepted || !load.failures().isEmpty());
    }

    /** Every request was answered, and every job that was accepted has succeeded. */
    private static void nothingIsLost(Submitting load, String during) throws Exception {
        load.stop();
        assertThat(load.failures()).as("failed during the " + during).isEmpty();
        for (String id : load.accepted()) {
            assertThat(deployed.awaitEnd(id, END_LIMIT)).containsEntry("state", "SUCCEEDED");
        }
        Figures.put(
                during + " at " + PER_SECOND + " submissions a second",
                "%d accepted, 0 failed, %d tried again for want of a connection, %d broken off and sent again, all SUCCEEDED"
                        .formatted(load.accepted().size(), load.notConnected(), load.brokenOff()));
    }
}
