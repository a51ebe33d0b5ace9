package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.windlass.harness.Api;
import io.windlass.harness.Cluster;
import io.windlass.harness.Figures;
import io.windlass.harness.Service;
import io.windlass.harness.SimulatedNodes;
import io.windlass.harness.Stack;
import io.windlass.harness.Wiring;
import io.windlass.testing.TestCluster;
import io.windlass.testing.TestSize;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Each service has the heap that it is shipped with, and lives through what would take all of it.
 * The highest resident size of each case is recorded.
 */
@EnabledIf("available")
class MemoryIT {
    private static final List<String> SHIPPED =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:MaxRAM=512m",
                    "-XX:MaxRAMPercentage=60",
                    "-XX:+ExitOnOutOfMemoryError");

    private static final String WEB = "web-server";
    private static final int LARGE = TestSize.of(100, 500);
    private static final int LARGE_BYTES = 250_000;
    private static final int AT_ONCE = 64;
    private static final int PODS = TestSize.of(200, 10_000);
    private static final int FOREIGN_EVENTS = TestSize.of(1_000, 200_000);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    static boolean available() {
        return SimulatedNodes.available();
    }

    @AfterAll
    static void print() {
        Figures.print();
    }

    private static Path kubeconfig() {
        return TestCluster.kubeconfig().orElseThrow();
    }

    private static Stack stack(Map<String, String> settings, List<String> modules)
            throws IOException, InterruptedException {
        return new Stack(
                new Stack.Plan(settings, 1, SHIPPED, modules),
                database -> new Wiring.Direct(database, kubeconfig()));
    }

    /** In MiB, of all of its life. */
    private static long highestResident(Service service) throws IOException {
        Path status = Path.of("/proc", Long.toString(service.process().pid()), "status");
        return Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM:"))
                        .map(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                        .findFirst()
                        .orElseThrow()
                >> 10;
    }

    private static void shouldLive(Stack stack, String module, String figure) throws IOException {
        for (Service service : stack.services(module)) {
            assertThat(service.process().isAlive()).as("%s", service.log()).isTrue();
            Figures.put(
                    "%s: highest resident size, %s".formatted(module, figure),
                    highestResident(service) + " MiB");
        }
    }

    private static HttpResponse<String> send(Stack stack, String path, String type, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(stack.api().url() + path))
                        .timeout(Duration.ofMinutes(5))
                        .header("Authorization", "Bearer " + stack.token());
        if (body != null) {
            request.header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body));
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Map<Integer, Integer> atOnce(int count, Callable<Integer> call)
            throws Exception {
        Map<Integer, Integer> statuses = new TreeMap<>();
        List<Future<Integer>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                all.add(threads.submit(call));
            }
            for (Future<Integer> one : all) {
                statuses.merge(one.get(), 1, Integer::sum);
            }
        }
        return statuses;
    }

    /** Sent again after each refusal. */
    private static void shouldTakeASmallJob(Stack stack) {
        Awaitility.await("a small job is taken")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofSeconds(2))
                .until(() ->
                        stack.api().call("POST", "/api/v1/jobs", Api.job("small", "true")).status()
                                == 202);
    }

    private static String large(int number) {
        return "{\"name\":\"large-%d\",\"image\":\"b:1\",\"args\":[\"%s\"]}"
                .formatted(number, "x".repeat(LARGE_BYTES));
    }

    @Test
    void shouldListLargeJobsFourTimesAtOnce() throws Exception {
        try (Stack stack = stack(Map.of(), List.of(WEB))) {
            for (int from = 0; from < LARGE; from += 20) {
                StringBuilder lines = new StringBuilder();
                for (int i = from; i < Math.min(LARGE, from + 20); i++) {
                    lines.append(large(i)).append('\n');
                }
                HttpResponse<String> answer =
                        send(stack, "/api/v1/jobs:batch", "application/x-ndjson", lines.toString());
                assertThat(answer.body()).doesNotContain("\"status\":503");
            }
            for (int round = 0; round < 5; round++) {
                Map<Integer, Integer> answers =
                        atOnce(
                                4,
                                () -> send(stack, "/api/v1/jobs?limit=500", "", null).statusCode());
                assertThat(answers.keySet()).as("%s", answers).isSubsetOf(200, 503);
                assertThat(answers).containsKey(200);
            }
            Map<String, Object> cancelled =
                    stack.api().call("POST", "/api/v1/jobs:cancel?all=true", null).body();
            assertThat(cancelled.get("done")).hasToString(Integer.toString(LARGE));
            shouldTakeASmallJob(stack);
            shouldLive(stack, WEB, "lists of %d jobs of 250 KB, four at once".formatted(LARGE));
        }
    }

    private record Hostile(String name, String path, String type, String body) {}

    private static List<Hostile> hostile() {
        String json = "application/json";
        StringBuilder unknown = new StringBuilder("{\"name\":\"x\",\"image\":\"b\"");
        for (int i = 0; i < 10_000; i++) {
            unknown.append(",\"unknown-").append(i).append("\":1");
        }
        String template =
                """
                {"set":"s","templates":[{"name":"t","parameters":[{"name":"a"}],
                  "schedule":{"name":"x","every":"1h","job":{"image":"b","args":["%s"]}}}],
                 "instances":[{"template":"t","with":{"a":"%s"}}]}
                """
                        .formatted("${a}".repeat(500), "x".repeat(2_000_000));
        String jobs = "/api/v1/jobs";
        String lines = (large(0) + "\n").repeat(60);
        return List.of(
                new Hostile("values", jobs, json, "{\"x\":[" + "[],".repeat(80_000) + "0]}"),
                new Hostile("keys", jobs, json, unknown + "}"),
                new Hostile("items", jobs + ":batch", json, "[" + "{},".repeat(5_000_000) + "{}]"),
                new Hostile(
                        "large items",
                        jobs + ":batch",
                        json,
                        "[" + (large(0) + ",").repeat(60) + large(0) + "]"),
                new Hostile("large lines", jobs + ":batch", "application/x-ndjson", lines),
                new Hostile("template", "/api/v1/schedules:apply", json, template),
                new Hostile(
                        "members",
                        "/api/v1/schedules:apply",
                        json,
                        "{\"set\":\"s\",\"schedules\":[" + "{},".repeat(9_000) + "{}]}"));
    }

    @Test
    void shouldAnswerEachHostileRequestSixtyFourTimesAtOnce() throws Exception {
        for (Hostile hostile : hostile()) {
            try (Stack stack = stack(Map.of(), List.of(WEB))) {
                Map<Integer, Integer> answers =
                        atOnce(
                                AT_ONCE,
                                () ->
                                        send(stack, hostile.path(), hostile.type(), hostile.body())
                                                .statusCode());
                assertThat(answers.keySet())
                        .as("%s: %s", hostile.name(), answers)
                        .isSubsetOf(200, 400, 408, 413, 422, 429, 503);
                shouldTakeASmallJob(stack);
                shouldLive(stack, WEB, "64 times at once: " + hostile.name());
                Figures.put("answers to 64 at once: " + hostile.name(), answers.toString());
            }
        }
    }

    @Test
    void shouldLookAtAJobWithThousandsOfEndedPods() throws Exception {
        try (Cluster cluster = Cluster.of(kubeconfig());
                Stack stack =
                        stack(
                                Map.of(
                                        "WINDLASS_API_MAX_COMPLETIONS",
                                        "10000",
                                        // looked at again and again
                                        "WINDLASS_CHECKS_RUNNING",
                                        "10s"),
                                Stack.MODULES)) {
            Map<String, Object> job =
                    Api.with(Api.simulated("many-pods"), "namespace", cluster.namespace());
            job.put("completions", PODS);
            job.put("parallelism", Math.min(PODS, 200));
            String id = stack.api().submit(job);
            Map<String, Object> ended = stack.api().awaitEnd(id, Duration.ofMinutes(60));
            assertThat(ended).containsEntry("state", "SUCCEEDED");
            for (String module : Stack.MODULES) {
                shouldLive(stack, module, "a job with %d ended pods".formatted(PODS));
            }
        }
    }

    @Test
    void shouldForgetEventsOfOthers() throws Exception {
        try (Cluster cluster = Cluster.of(kubeconfig());
                Stack stack = stack(Map.of(), Stack.MODULES)) {
            Pod foreign =
                    cluster.client()
                            .resource(
                                    new PodBuilder()
                                            .withNewMetadata()
                                            .withName("foreign")
                                            .withNamespace(cluster.namespace())
                                            .endMetadata()
                                            .withNewSpec()
                                            .withSchedulerName(Way.NOBODY)
                                            .addNewContainer()
                                            .withName("main")
                                            .withImage("busybox:1.36")
                                            .endContainer()
                                            .endSpec()
                                            .build())
                            .create();
            try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < FOREIGN_EVENTS; i++) {
                    all.add(
                            threads.submit(() ->
                                    cluster.client()
                                            .resource(
                                                    Puppets.event(
                                                            foreign,
                                                            "FailedMount",
                                                            "x".repeat(900)))
                                            .create()));
                }
                for (Future<?> one : all) {
                    one.get();
                }
            }
            String id =
                    stack.api()
                            .submit(
                                    Api.with(
                                            Api.simulated("beside"),
                                            "namespace",
                                            cluster.namespace()));
            assertThat(stack.api().awaitEnd(id, Duration.ofMinutes(2)))
                    .containsEntry("state", "SUCCEEDED");
            shouldLive(
                    stack, "pod-events-processor", "%d events of others".formatted(FOREIGN_EVENTS));
        }
    }
}
