package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.windlass.harness.Api;
import io.windlass.harness.Cluster;
import io.windlass.harness.Figures;
import io.windlass.harness.Queues;
import io.windlass.harness.Service;
import io.windlass.harness.Stack;
import io.windlass.testing.TestCluster;
import io.windlass.testing.TestCollector;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;

/** What the pipeline promises, on a real cluster, with two processes of every service. */
@EnabledIf("available")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealClusterIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static Cluster cluster;
    private static Stack stack;
    private static TestCollector collector;
    private static Api api;

    static boolean available() {
        return TestCluster.available();
    }

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.of(TestCluster.kubeconfig().orElseThrow());
        Map<String, String> settings = new HashMap<>();
        settings.put("WINDLASS_CLEANUP_KEEP_SUCCEEDED", "0s");
        settings.put("WINDLASS_CLEANUP_KEEP_FAILED", "0s");
        settings.put("WINDLASS_CLEANUP_KEEP_AFTER_TAKEOVER", "0s");
        settings.put("WINDLASS_CHECKS_STARTING", "10s");
        settings.put("WINDLASS_CHECKS_RUNNING", "15s");
        collector = new TestCollector();
        settings.put("WINDLASS_TRACING_ENDPOINT", collector.endpoint());
        // only what a caller asks to be traced
        settings.put("WINDLASS_TRACING_RATIO", "0");
        stack = new Stack(TestCluster.kubeconfig().orElseThrow(), settings);
        api = stack.api();
    }

    @AfterAll
    static void stop() throws Exception {
        Figures.print();
        if (stack != null) {
            stack.close();
        }
        if (collector != null) {
            collector.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private static Map<String, Object> job(String name, String... command) {
        return Api.with(Api.job(name, command), "namespace", cluster.namespace());
    }

    private static Map<String, Object> ended(Map<String, Object> job) throws IOException {
        return api.awaitEnd(api.submit(job), Duration.ofMinutes(3));
    }

    private static void expect(Map<String, Object> job, String state, String reason) {
        assertThat(job).as("%s", job).containsEntry("state", state).containsEntry("reason", reason);
    }

    private static void nothingIsLeft() {
        Awaitility.await("nothing of ours is left in the cluster")
                .atMost(SOON)
                .untilAsserted(() -> {
                    assertThat(cluster.jobs(stack.installation()))
                            .as(
                                    "unsettled: %s",
                                    stack.database()
                                            .column(
                                                    "select s::text from job_state s where not settled limit 3"))
                            .extracting(j -> j.getMetadata().getName())
                            .isEmpty();
                    assertThat(cluster.pods(stack.installation())).isZero();
                });
    }

    @Test
    @Order(1)
    void shouldEndFiveHundredJobsOfOneBatchWithACompleteHistoryAndNothingLeft() throws Exception {
        List<Map<String, Object>> jobs =
                IntStream.range(0, 500)
                        .mapToObj(i ->
                                Api.with(
                                        Api.simulated("batch-" + i),
                                        "namespace",
                                        cluster.namespace()))
                        .toList();
        Instant begin = Instant.now();
        List<String> ids = api.submitAll(jobs);
        Awaitility.await("all have ended")
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() ->
                        assertThat(
                                        stack.database()
                                                .number(
                                                        "select count(*) from job_state where state = 'SUCCEEDED'"))
                                .isEqualTo(500));
        Figures.put("500 jobs in one batch, POST to the last SUCCEEDED", begin);
        nothingIsLeft();
        Figures.put("500 jobs in one batch, POST to nothing left", begin);
        for (String id : ids.subList(0, 20)) {
            List<Map<String, Object>> events = api.events(id);
            assertThat(events.stream().map(e -> e.get("version").toString()).toList())
                    .isEqualTo(
                            IntStream.rangeClosed(1, events.size())
                                    .mapToObj(Integer::toString)
                                    .toList());
            assertThat(events.stream().map(e -> e.get("to")))
                    .startsWith("QUEUED", "STARTING")
                    .endsWith("SUCCEEDED");
        }
        assertThat(stack.database().number(GAPS)).as("versions without gaps").isZero();
        assertThat(stack.database().number("select count(*) from job_state where not settled"))
                .isZero();
        Awaitility.await("the queues are empty")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(Queues.waiting(stack.cluster())).isZero());
    }

    private static final String GAPS =
            """
            select count(*) from (select job_id, count(*) n, max(version) m from job_event group by job_id) e
            where n <> m
            """;

    @Test
    @Order(2)
    void shouldSayHowAProgramEnded() throws Exception {
        Map<String, Object> echo = ended(job("echo", "echo", "hello"));
        expect(echo, "SUCCEEDED", null);
        assertThat(echo.get("exitCode")).hasToString("0");
        Map<String, Object> three = ended(job("three", "sh", "-c", "echo broken; exit 3"));
        expect(three, "FAILED", "EXIT_CODE");
        assertThat(three.get("exitCode")).hasToString("3");
        assertThat(three.get("message")).hasToString("broken");
        assertThat(three).containsEntry("mayHaveRun", true);
    }

    @Test
    @Order(3)
    void shouldTryAgainAsOftenAsItWasTold() throws Exception {
        // the pod's own name decides: the first attempt leaves a ConfigMap-free trace by its age
        String once = "test -e /traces/$JOB || { touch /traces/$JOB; exit 1; }";
        Map<String, Object> container = new LinkedHashMap<>();
        container.put("name", "main");
        container.put("image", "busybox:1.36");
        container.put("command", List.of("sh", "-c", once));
        container.put("env", List.of(Map.of("name", "JOB", "value", cluster.namespace())));
        container.put("volumeMounts", List.of(Map.of("name", "traces", "mountPath", "/traces")));
        Map<String, Object> job = new LinkedHashMap<>();
        job.put("name", "second-time");
        job.put("namespace", cluster.namespace());
        job.put("maxRetries", 2);
        job.put(
                "podSpec",
                Map.of(
                        "containers", List.of(container),
                        "volumes",
                                List.of(
                                        Map.of(
                                                "name",
                                                "traces",
                                                "hostPath",
                                                Map.of(
                                                        "path", "/tmp/windlass-e2e-traces",
                                                        "type", "DirectoryOrCreate")))));
        Map<String, Object> end = ended(job);
        expect(end, "SUCCEEDED", null);
        assertThat(end.get("attempt")).hasToString("2");
    }

    @Test
    @Order(3)
    void shouldJoinTheStepsOfAJobInTheTraceOfItsSubmission() throws Exception {
        String trace = UUID.randomUUID().toString().replace("-", "");
        Map<String, Object> job = job("traced", "sleep", "5");
        Api.Answer answer =
                api.call(
                        "POST",
                        "/api/v1/jobs",
                        job,
                        "traceparent",
                        "00-" + trace + "-00f067aa0ba902b7-01");
        String id = answer.body().get("id").toString();
        Awaitility.await("the Job carries its trace")
                .atMost(SOON)
                .untilAsserted(() ->
                        assertThat(cluster.jobs(stack.installation()))
                                .filteredOn(j ->
                                        id.equals(
                                                j.getMetadata()
                                                        .getLabels()
                                                        .get("windlass.io/job-id")))
                                .extracting(j ->
                                        j.getMetadata()
                                                .getAnnotations()
                                                .get("windlass.io/traceparent"))
                                .singleElement()
                                .asString()
                                .startsWith("00-" + trace));
        expect(api.awaitEnd(id, SOON), "SUCCEEDED", null);
        Awaitility.await("all services have told of their steps")
                .atMost(SOON)
                .untilAsserted(() -> {
                    assertThat(collector.has("windlass-web-server", trace, "POST /api/v1/jobs"))
                            .isTrue();
                    for (String step :
                            List.of(
                                    "handle Admit",
                                    "create Kubernetes Job",
                                    "handle PodObserved",
                                    "handle JobObserved")) {
                        assertThat(collector.has("windlass-messages-processor", trace, step))
                                .as(step)
                                .isTrue();
                    }
                });
    }

    @Test
    @Order(4)
    void shouldEndWhatRunsLongerThanItsTimeout() throws Exception {
        Map<String, Object> end =
                ended(
                        Api.with(
                                job("slow", "sh", "-c", "trap 'exit 1' TERM; sleep 60 & wait"),
                                "timeout",
                                "5s"));
        expect(end, "FAILED", "DEADLINE_EXCEEDED");
    }

    @Test
    @Order(5)
    void shouldTellThatMemoryRanOut() throws Exception {
        Map<String, Object> end =
                ended(
                        Api.with(
                                job("hungry", "sh", "-c", "x=a; while true; do x=$x$x; done"),
                                "resources",
                                Map.of("memory", "32Mi")));
        expect(end, "FAILED", "OOM_KILLED");
    }

    @Test
    @Order(6)
    void shouldFailFastWhereAPodCanNeverStart() throws Exception {
        String missing =
                System.getenv()
                        .getOrDefault("WINDLASS_TEST_NOT_FOUND_IMAGE", "busybox:no-such-tag");
        Instant begin = Instant.now();
        String image = api.submit(Api.with(job("no-image"), "image", missing));
        String secret =
                api.submit(
                        Api.with(
                                job("no-secret", "true"),
                                "env",
                                List.of(
                                        Map.of(
                                                "name",
                                                "TOKEN",
                                                "secretRef",
                                                Map.of("name", "absent", "key", "k")))));
        Map<String, Object> noSecret = api.awaitEnd(secret, Duration.ofMinutes(2));
        Figures.put("missing Secret, POST to FAILED (grace 30 s)", begin);
        expect(noSecret, "FAILED", "CONFIG_MISSING");
        assertThat(noSecret).containsEntry("mayHaveRun", false);
        assertThat(noSecret.get("message").toString()).contains("secret \"absent\" not found");
        Map<String, Object> noImage = api.awaitEnd(image, Duration.ofMinutes(2));
        Duration took = Figures.put("missing image, POST to FAILED (grace 60 s)", begin);
        expect(noImage, "FAILED", "IMAGE_NOT_FOUND");
        assertThat(noImage).containsEntry("mayHaveRun", false);
        assertThat(took).isBetween(Duration.ofSeconds(58), Duration.ofSeconds(75));
    }

    @Test
    @Order(7)
    void shouldFailWithinASecondOfAnImageNameThatCannotBeParsed() throws Exception {
        // the API refuses such names, so a pod status is made as a kubelet would, on a node without
        // one
        String node = "no-kubelet-" + cluster.namespace();
        cluster.client()
                .nodes()
                .resource(
                        new NodeBuilder()
                                .withNewMetadata()
                                .withName(node)
                                .addToLabels("windlass-e2e", node)
                                .endMetadata()
                                .build())
                .create();
        Map<String, Quantity> room =
                Map.of(
                        "cpu", new Quantity("4"),
                        "memory", new Quantity("4Gi"),
                        "pods", new Quantity("10"));
        cluster.client()
                .nodes()
                .withName(node)
                .editStatus(n ->
                        n.edit()
                                .editOrNewStatus()
                                .withCapacity(room)
                                .withAllocatable(room)
                                .endStatus()
                                .build());
        try {
            Map<String, Object> toThatNode =
                    Api.with(
                            Api.with(
                                    job("bad-name", "true"),
                                    "nodeSelector",
                                    Map.of("windlass-e2e", node)),
                            "tolerations",
                            List.of(Map.of("operator", "Exists")));
            String id = api.submit(toThatNode);
            Pod pod = scheduledPod(id);
            pod.getStatus().setPhase("Pending");
            cluster.client()
                    .pods()
                    .inNamespace(cluster.namespace())
                    .withName(pod.getMetadata().getName())
                    .editStatus(p ->
                            p.edit()
                                    .editOrNewStatus()
                                    .addNewContainerStatus()
                                    .withName("main")
                                    .withImage("busybox:1.36")
                                    .withImageID("")
                                    .withReady(false)
                                    .withRestartCount(0)
                                    .withNewState()
                                    .withNewWaiting()
                                    .withReason("InvalidImageName")
                                    .withMessage("couldn't parse image name")
                                    .endWaiting()
                                    .endState()
                                    .endContainerStatus()
                                    .endStatus()
                                    .build());
            Instant begin = Instant.now();
            Map<String, Object> end = api.awaitEnd(id, SOON);
            Duration took =
                    Figures.put("InvalidImageName, status to answer of a waiting GET", begin);
            expect(end, "FAILED", "IMAGE_NAME_INVALID");
            assertThat(took).isLessThan(Duration.ofSeconds(1));
        } finally {
            cluster.client().nodes().withName(node).delete();
        }
        // without a kubelet nobody ends a bound pod: its node is gone, so the collector does
        forcePodsAway();
        nothingIsLeft();
    }

    private static Pod scheduledPod(String id) {
        return Awaitility.await("its pod has a node")
                .atMost(SOON)
                .until(
                        () ->
                                cluster
                                        .client()
                                        .pods()
                                        .inNamespace(cluster.namespace())
                                        .withLabel("windlass.io/job-id", id)
                                        .list()
                                        .getItems()
                                        .stream()
                                        .filter(p -> p.getSpec().getNodeName() != null)
                                        .findFirst()
                                        .orElse(null),
                        pod -> pod != null);
    }

    private static void forcePodsAway() {
        cluster.client()
                .pods()
                .inNamespace(cluster.namespace())
                .withLabel("windlass.io/installation", stack.installation())
                .withGracePeriod(0)
                .delete();
    }

    @Test
    @Order(8)
    void shouldCancelWhatStartsAndWhatRuns() throws Exception {
        String starting =
                api.submit(
                        Api.with(
                                job("no-room", "true"),
                                "nodeSelector",
                                Map.of("nobody", "has-this")));
        String running =
                api.submit(job("long", "sh", "-c", "trap 'exit 0' TERM; sleep 300 & wait"));
        awaitState(running, "RUNNING");
        Awaitility.await("it says why it waits")
                .atMost(SOON)
                .until(() -> api.get(starting).get("waiting") != null);
        assertThat(api.cancel(starting).status()).isEqualTo(202);
        assertThat(api.cancel(running).status()).isEqualTo(202);
        expect(api.awaitEnd(starting, SOON), "CANCELLED", null);
        Map<String, Object> ran = api.awaitEnd(running, SOON);
        expect(ran, "CANCELLED", null);
        assertThat(ran).containsEntry("mayHaveRun", true);
        assertThat(api.cancel(running).status()).as("it has ended already").isEqualTo(200);
        nothingIsLeft();
    }

    private static void awaitState(String id, String state) {
        Awaitility.await(id + " is " + state)
                .atMost(SOON)
                .until(() -> state.equals(api.get(id).get("state")));
    }

    @Test
    @Order(9)
    void shouldLeaveAlonePeoplesOwnJobsAndFailOnlyOurs() throws Exception {
        // the name is known only once the job is admitted, so the stranger watches for it and is
        // faster
        Map<String, Object> job = job("contested", "sleep", "5");
        stack.database().column("select 1");
        String id = pausedSubmit(job);
        String name = kubernetesName("contested", id);
        Job stranger =
                new JobBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(cluster.namespace())
                        .endMetadata()
                        .withNewSpec()
                        .withNewTemplate()
                        .withNewSpec()
                        .withRestartPolicy("Never")
                        .addNewContainer()
                        .withName("main")
                        .withImage("busybox:1.36")
                        .withCommand("sh", "-c", "exit 1")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build();
        cluster.client().resource(stranger).create();
        resume();
        Map<String, Object> end = api.awaitEnd(id, SOON);
        expect(end, "FAILED", "NAME_CONFLICT");
        assertThat(end).containsEntry("mayHaveRun", false);
        Job still =
                cluster.client()
                        .batch()
                        .v1()
                        .jobs()
                        .inNamespace(cluster.namespace())
                        .withName(name)
                        .get();
        assertThat(still).isNotNull();
        assertThat(still.getMetadata().getDeletionTimestamp()).isNull();
    }

    @Test
    @Order(10)
    void shouldCancelWhatIsQueued() throws Exception {
        String id = pausedSubmit(job("queued", "true"));
        assertThat(api.cancel(id).status()).isEqualTo(202);
        Map<String, Object> end = api.awaitEnd(id, SOON);
        resume();
        expect(end, "CANCELLED", null);
        assertThat(end).containsEntry("mayHaveRun", false).containsEntry("kubernetes", null);
    }

    private static String pausedSubmit(Map<String, Object> job) throws Exception {
        pause(true);
        return api.submit(job);
    }

    private static void resume() throws Exception {
        pause(false);
    }

    private static void pause(boolean paused) throws Exception {
        assertThat(
                        stack.database()
                                .column(
                                        "update cluster set paused = "
                                                + paused
                                                + " where name = '"
                                                + stack.cluster()
                                                + "' returning name"))
                .hasSize(1);
    }

    private static String kubernetesName(String name, String id) {
        return name + "-" + Base32.of(UUID.fromString(id)) + "-1";
    }

    @Test
    @Order(11)
    void shouldRunNothingTwiceAndLoseNothingWhateverServiceIsKilled() throws Exception {
        List<String> ids = new ArrayList<>();
        for (String module :
                List.of(
                        "messages-processor",
                        "job-status-processor",
                        "pod-events-processor",
                        "schedules-processor",
                        "web-server")) {
            ids.addAll(api.submitAll(simulatedJobs(module, 30)));
            for (Service service : stack.services(module)) {
                service.kill();
            }
            if (module.equals("messages-processor")) {
                Queues.purge(stack.cluster());
            }
            for (Service service : stack.services(module)) {
                service.startAgain();
            }
            stack.services(module).forEach(Service::awaitReady);
        }
        ids.addAll(api.submitAll(simulatedJobs("purged", 30)));
        Queues.purge(stack.cluster());
        Instant begin = Instant.now();
        for (String id : ids) {
            expect(api.awaitEnd(id, Duration.ofMinutes(3)), "SUCCEEDED", null);
        }
        Figures.put(
                "180 jobs under kill -9 of every service and two purges, last purge to last end",
                begin);
        nothingIsLeft();
        assertThat(stack.database().number(GAPS)).isZero();
        assertThat(
                        stack.database()
                                .number(
                                        "select count(*) from (select job_id from job_pod group by job_id having count(*) > 1) twice"
                                                + " join job j on j.id = twice.job_id where j.name like 'load-%'"))
                .as("none ran twice")
                .isZero();
    }

    private static List<Map<String, Object>> simulatedJobs(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i ->
                        Api.with(
                                Api.simulated("load-" + name + "-" + i),
                                "namespace",
                                cluster.namespace()))
                .toList();
    }

    @Test
    @Order(12)
    void shouldHaveARowForEveryAcknowledgedIdThoughTheDatabaseIsKilledUnderLoad() throws Exception {
        List<String> acknowledged = new ArrayList<>();
        Thread client =
                Thread.ofVirtual()
                        .start(() -> {
                            for (int i = 0; i < 400; i++) {
                                try {
                                    Api.Answer answer =
                                            api.call(
                                                    "POST",
                                                    "/api/v1/jobs",
                                                    simulatedJobs("durable", 1).getFirst());
                                    if (answer.status() == 202) {
                                        acknowledged.add(answer.body().get("id").toString());
                                    }
                                } catch (IOException e) {
                                    // not acknowledged: nothing is owed
                                    continue;
                                }
                            }
                        });
        Awaitility.await("the load has begun").until(() -> acknowledged.size() > 50);
        stack.database().killAndStartAgain();
        client.join();
        Awaitility.await("the database answers")
                .ignoreExceptions()
                .until(() -> stack.database().number("select 1") == 1);
        List<String> rows = stack.database().column("select id::text from job");
        assertThat(rows).containsAll(acknowledged);
        Figures.put(
                "acknowledged submissions around a SIGKILL of PostgreSQL",
                acknowledged.size() + ", all stored");
        for (String id : acknowledged) {
            expect(api.awaitEnd(id, Duration.ofMinutes(3)), "SUCCEEDED", null);
        }
        nothingIsLeft();
    }

    static boolean clusterCanBeRestarted() {
        return TestCluster.tool().isPresent();
    }

    @Test
    @Order(13)
    @EnabledIf("clusterCanBeRestarted")
    void shouldComeBackWhereTheApiServerWasKilledAndItsHistoryCompacted() throws Exception {
        List<String> ids = new ArrayList<>(api.submitAll(simulatedJobs("restarted", 60)));
        clusterTool("compact");
        clusterTool("restart", "--kill", "apiserver");
        Instant begin = Instant.now();
        ids.addAll(api.submitAll(simulatedJobs("after", 20)));
        for (String id : ids) {
            expect(api.awaitEnd(id, Duration.ofMinutes(3)), "SUCCEEDED", null);
        }
        Figures.put(
                "80 jobs around a kill -9 of the API server and a compaction, restart to last end",
                begin);
        nothingIsLeft();
    }

    private static void clusterTool(String... words) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(TestCluster.tool().orElseThrow().toString()));
        command.addAll(List.of(words));
        Process tool =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(stack.logs().resolve("cluster-tool.log").toFile())
                        .start();
        assertThat(tool.waitFor()).as("%s", command).isZero();
    }
}
