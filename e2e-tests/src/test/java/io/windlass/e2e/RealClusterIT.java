package io.windlass.e2e;

import static io.windlass.e2e.Pipeline.SOON;
import static io.windlass.e2e.Pipeline.expect;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.windlass.harness.Api;
import io.windlass.harness.Cluster;
import io.windlass.harness.FailingRegistry;
import io.windlass.harness.Figures;
import io.windlass.harness.Queues;
import io.windlass.harness.Service;
import io.windlass.harness.SimulatedNodes;
import io.windlass.harness.Stack;
import io.windlass.harness.Told;
import io.windlass.testing.TestSize;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * What the pipeline promises, on a real cluster, with two processes of every service. Checks are as
 * shipped, so that none of them hides a wake-up that got lost.
 */
@EnabledIf("available")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealClusterIT {
    private static final int BATCH = TestSize.of(150, 500);
    private static final int DIVISOR = TestSize.of(6, 1);
    private static final int AROUND_THE_KILL = TestSize.of(120, 400);
    private static final int FOR_EACH_KILL = TestSize.of(15, 30);

    /** Messages that were purged are found by these, and by nothing else. */
    private static final Map<String, String> CHECKS_SOON =
            Map.of("WINDLASS_CHECKS_STARTING", "10s", "WINDLASS_CHECKS_RUNNING", "15s");

    private static Pipeline pipeline;
    private static Cluster cluster;
    private static Stack stack;
    private static Api api;

    static boolean available() {
        return SimulatedNodes.available();
    }

    @BeforeAll
    static void start() throws Exception {
        pipeline =
                Pipeline.start(
                        Grace.settings(
                                DIVISOR,
                                Grace.IMAGE_NOT_FOUND,
                                Grace.IMAGE_NOT_FOUND_WITHOUT_SECOND_PULL,
                                Grace.CONFIG_MISSING));
        cluster = pipeline.cluster();
        stack = pipeline.stack();
        api = pipeline.api();
    }

    @AfterAll
    static void stop() throws Exception {
        Figures.print();
        if (pipeline != null) {
            pipeline.close();
        }
    }

    @Test
    @Order(1)
    void shouldEndAllJobsOfOneBatchWithACompleteHistoryAndNothingLeft() throws Exception {
        Instant begin = Instant.now();
        List<String> ids = api.submitAll(pipeline.simulatedJobs("batch", BATCH));
        Awaitility.await("all have ended")
                .atMost(Duration.ofMinutes(5))
                .untilAsserted(() ->
                        assertThat(
                                        stack.database()
                                                .number(
                                                        "select count(*) from job_state where state = 'SUCCEEDED'"))
                                .isEqualTo(BATCH));
        Figures.put(BATCH + " jobs in one batch, POST to the last SUCCEEDED", begin);
        pipeline.nothingIsLeft();
        Figures.put(BATCH + " jobs in one batch, POST to nothing left", begin);
        for (String id : ids.subList(0, 20)) {
            assertThat(pipeline.statesOf(id))
                    .startsWith("QUEUED", "STARTING")
                    .endsWith("SUCCEEDED");
        }
        pipeline.historiesHaveNoGaps();
        assertThat(stack.database().number("select count(*) from job_state where not settled"))
                .isZero();
        Awaitility.await("the queues are empty")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(Queues.waiting(stack.cluster())).isZero());
    }

    @Test
    @Order(2)
    void shouldSayHowAProgramEnded() throws Exception {
        Map<String, Object> echo = pipeline.ended(pipeline.job("echo", "echo", "hello"));
        expect(echo, "SUCCEEDED", null);
        assertThat(echo.get("exitCode")).hasToString("0");
        Map<String, Object> three =
                pipeline.endedAtLast(pipeline.job("three", "sh", "-c", "echo broken; exit 3"));
        expect(three, "FAILED", "EXIT_CODE");
        assertThat(three.get("exitCode")).hasToString("3");
        assertThat(three.get("message")).hasToString("broken");
        assertThat(three).containsEntry("mayHaveRun", true);
    }

    @Test
    @Order(3)
    void shouldTryAgainAsOftenAsItWasTold() throws Exception {
        Map<String, Object> end = pipeline.ended(pipeline.failsOnce("second-time"));
        expect(end, "SUCCEEDED", null);
        assertThat(end.get("attempt")).hasToString("2");
    }

    @Test
    @Order(3)
    void shouldJoinTheStepsOfAJobInTheTraceOfItsSubmission() throws Exception {
        String trace = UUID.randomUUID().toString().replace("-", "");
        Api.Answer answer =
                api.call(
                        "POST",
                        "/api/v1/jobs",
                        pipeline.job("traced", "sleep", "3"),
                        "traceparent",
                        "00-" + trace + "-00f067aa0ba902b7-01");
        String id = answer.body().get("id").toString();
        Awaitility.await("the Job carries its trace")
                .atMost(SOON)
                .untilAsserted(() ->
                        assertThat(pipeline.kubernetesJob(id))
                                .extracting(j -> j.getMetadata().getAnnotations())
                                .asInstanceOf(
                                        InstanceOfAssertFactories.map(String.class, String.class))
                                .hasEntrySatisfying(
                                        "windlass.io/traceparent",
                                        text -> assertThat(text).startsWith("00-" + trace)));
        expect(api.awaitEnd(id, SOON), "SUCCEEDED", null);
        Awaitility.await("all services have told of their steps")
                .atMost(SOON)
                .untilAsserted(() -> {
                    assertThat(told("windlass-web-server", trace, "POST /api/v1/jobs")).isTrue();
                    for (String step :
                            List.of(
                                    "handle Admit",
                                    "create Kubernetes Job",
                                    "handle PodObserved",
                                    "handle JobObserved")) {
                        assertThat(told("windlass-messages-processor", trace, step))
                                .as(step)
                                .isTrue();
                    }
                });
    }

    private static boolean told(String service, String trace, String step) {
        return pipeline.collector().has(service, trace, step);
    }

    @Test
    @Order(4)
    void shouldEndWhatRunsLongerThanItsTimeout() throws Exception {
        Map<String, Object> slow =
                pipeline.job("slow", "sh", "-c", "trap 'exit 1' TERM; sleep 60 & wait");
        Map<String, Object> end = pipeline.ended(Api.with(slow, "timeout", "5s"));
        expect(end, "FAILED", "DEADLINE_EXCEEDED");
    }

    @Test
    @Order(5)
    void shouldTellThatMemoryRanOut() throws Exception {
        Map<String, Object> hungry =
                pipeline.job("hungry", "sh", "-c", "x=a; while true; do x=$x$x; done");
        Map<String, Object> end =
                pipeline.endedAtLast(Api.with(hungry, "resources", Map.of("memory", "32Mi")));
        expect(end, "FAILED", "OOM_KILLED");
    }

    @Test
    @Order(6)
    void shouldFailFastWhereAPodCanNeverStart() throws Exception {
        String missing = FailingRegistry.notFoundImage();
        Map<String, Object> absent = Map.of("name", "absent", "key", "k");
        Instant begin = Instant.now();
        String image = api.submit(Api.with(pipeline.job("no-image"), "image", missing));
        String secret =
                api.submit(
                        Api.with(
                                pipeline.job("no-secret", "true"),
                                "env",
                                List.of(Map.of("name", "TOKEN", "secretRef", absent))));
        Map<String, Object> noSecret = api.awaitEnd(secret, Duration.ofMinutes(2));
        Figures.put("missing Secret, POST to FAILED" + grace(Grace.CONFIG_MISSING), begin);
        expect(noSecret, "FAILED", "CONFIG_MISSING");
        assertThat(noSecret).containsEntry("mayHaveRun", false);
        assertThat(noSecret.get("message").toString()).contains("secret \"absent\" not found");
        Map<String, Object> noImage = api.awaitEnd(image, Duration.ofMinutes(2));
        Duration took =
                Figures.put("missing image, POST to FAILED" + grace(Grace.IMAGE_NOT_FOUND), begin);
        expect(noImage, "FAILED", "IMAGE_NOT_FOUND");
        assertThat(noImage).containsEntry("mayHaveRun", false);
        Duration grace = Grace.IMAGE_NOT_FOUND.dividedBy(DIVISOR);
        // a pod's creation is told in whole seconds
        assertThat(took)
                .isBetween(grace.minusSeconds(2), grace.plus(Bounds.of(Duration.ofSeconds(15))));
    }

    private static String grace(Grace grace) {
        return " (grace " + grace.told(DIVISOR) + ")";
    }

    @Test
    @Order(7)
    void shouldFailAtOnceForAnImageNameThatCannotBeParsed() throws Exception {
        // the API refuses such names, so the test says of the pod what a kubelet would
        try (NodeWithoutKubelet node = NodeWithoutKubelet.in(cluster)) {
            String id = api.submit(node.takes(pipeline.job("bad-name", "true")));
            Pod pod = node.awaitPodOf(id);
            Told.show(
                    cluster.client(),
                    pod,
                    Told.waiting("InvalidImageName", "couldn't parse image name"));
            Instant begin = Instant.now();
            Map<String, Object> end = api.awaitEnd(id, SOON);
            Duration took =
                    Figures.put("InvalidImageName, status to answer of a waiting GET", begin);
            expect(end, "FAILED", "IMAGE_NAME_INVALID");
            assertThat(took).isLessThan(Bounds.of(Duration.ofSeconds(1)));
        }
        // without a kubelet nobody ends a bound pod: its node is gone, so the collector does
        cluster.client()
                .pods()
                .inNamespace(cluster.namespace())
                .withLabel("windlass.io/installation", stack.installation())
                .withGracePeriod(0)
                .delete();
        pipeline.nothingIsLeft();
    }

    @Test
    @Order(8)
    void shouldCancelWhatStartsAndWhatRuns() throws Exception {
        Map<String, Object> noRoom =
                Api.with(
                        pipeline.job("no-room", "true"),
                        "nodeSelector",
                        Map.of("nobody", "has-this"));
        String starting = api.submit(noRoom);
        String running =
                api.submit(
                        pipeline.job("long", "sh", "-c", "trap 'exit 0' TERM; sleep 300 & wait"));
        pipeline.awaitState(running, "RUNNING");
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
        pipeline.nothingIsLeft();
    }

    @Test
    @Order(9)
    void shouldLeaveAlonePeoplesOwnJobsAndFailOnlyOurs() throws Exception {
        String id = pipeline.pausedSubmit(pipeline.job("contested", "sleep", "5"));
        String name = "contested-" + Base32.of(UUID.fromString(id)) + "-1";
        Stranger stranger = Stranger.in(cluster, name);
        stranger.awaitItsPodRuns();
        pipeline.resume();
        Map<String, Object> end = api.awaitEnd(id, SOON);
        expect(end, "FAILED", "NAME_CONFLICT");
        assertThat(end).containsEntry("mayHaveRun", false);
        stranger.endsByItself();
        assertThat(
                        stack.database()
                                .column("select pod_uid from job_pod where job_id = '" + id + "'"))
                .as("the stranger's pods are none of our job's")
                .isEmpty();
        expect(api.get(id), "FAILED", "NAME_CONFLICT");
    }

    @Test
    @Order(10)
    void shouldCancelWhatIsQueued() throws Exception {
        String id = pipeline.pausedSubmit(pipeline.job("queued", "true"));
        assertThat(api.cancel(id).status()).isEqualTo(202);
        Map<String, Object> end = api.awaitEnd(id, SOON);
        pipeline.resume();
        expect(end, "CANCELLED", null);
        assertThat(end).containsEntry("mayHaveRun", false).containsEntry("kubernetes", null);
    }

    @Test
    @Order(11)
    void shouldHaveARowForEveryAcknowledgedIdThoughTheDatabaseIsKilledUnderLoad() throws Exception {
        List<String> acknowledged = new CopyOnWriteArrayList<>();
        Thread client =
                Thread.ofVirtual()
                        .start(() ->
                                pipeline.submitOneByOne(
                                        "durable", AROUND_THE_KILL, acknowledged::add));
        Awaitility.await("the load has begun").atMost(SOON).until(() -> acknowledged.size() > 50);
        stack.database().killAndStartAgain();
        client.join();
        Awaitility.await("the database answers")
                .ignoreExceptions()
                .until(() -> stack.database().number("select 1") == 1);
        assertThat(stack.database().column("select id::text from job")).containsAll(acknowledged);
        Figures.put(
                "acknowledged submissions around a SIGKILL of PostgreSQL",
                acknowledged.size() + ", all stored");
        Instant begin = Instant.now();
        pipeline.allSucceed(acknowledged);
        Figures.put("these submissions, all stored to the last end", begin);
        pipeline.nothingIsLeft();
    }

    /** The last one: from here on the processors check soon, since purged messages need it. */
    @Test
    @Order(12)
    void shouldRunNothingTwiceAndLoseNothingWhateverServiceIsKilled() throws Exception {
        List<String> modules = new ArrayList<>(Stack.MODULES);
        modules.remove("messages-processor");
        modules.addFirst("messages-processor");
        List<String> ids = new ArrayList<>();
        for (String module : modules) {
            boolean processes = module.equals("messages-processor");
            ids.addAll(api.submitAll(pipeline.simulatedJobs("load-" + module, FOR_EACH_KILL)));
            for (Service service : stack.services(module)) {
                service.kill();
            }
            if (processes) {
                Queues.purge(stack.cluster());
            }
            for (Service service : stack.services(module)) {
                service.startAgain(processes ? CHECKS_SOON : Map.of());
            }
            stack.services(module).forEach(Service::awaitReady);
        }
        ids.addAll(api.submitAll(pipeline.simulatedJobs("load-purged", FOR_EACH_KILL)));
        Queues.purge(stack.cluster());
        Instant begin = Instant.now();
        pipeline.allSucceed(ids);
        Figures.put(
                "%d jobs under kill -9 of every service and two purges, last purge to last end"
                        .formatted(ids.size()),
                begin);
        pipeline.nothingIsLeft();
        pipeline.historiesHaveNoGaps();
        assertThat(
                        stack.database()
                                .number(
                                        "select count(*) from (select job_id from job_pod group by job_id having count(*) > 1) twice"
                                                + " join job j on j.id = twice.job_id where j.name like 'load-%'"))
                .as("none ran twice")
                .isZero();
    }
}
