package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.harness.Api;
import io.windlass.harness.WindlassUp;
import io.windlass.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What one sends to {@code windlass up} hurts nobody else: after each of these all lists, the feed,
 * a neighbour's jobs and a neighbour's schedule work. {@code WINDLASS_TEST_UP} names the folder of
 * another build, to see what that one does; there each case begins anew.
 */
class OddInputIT {
    private static final String OTHER = System.getenv("WINDLASS_TEST_UP");
    private static final Path ROOT =
            Path.of(OTHER == null ? System.getProperty("windlass.root", "..") : OTHER);

    /** Less than the check of a starting job takes to come: it must be told. */
    private static final Duration TOLD = Duration.ofSeconds(20);

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String NEIGHBOUR =
            "{\"name\":\"neighbour\",\"every\":\"1s\",\"job\":{\"image\":\"busybox:1.36\",\"command\":[\"true\"]}}";
    private static final String PORT =
            "\"containers\":[{\"name\":\"a\",\"image\":\"busybox:1.36\",\"command\":[\"true\"],"
                    + "\"ports\":[{\"containerPort\":%s}]}]";
    private static final String VARIABLE =
            "\"image\":\"busybox:1.36\",\"command\":[\"true\"],\"env\":[{\"name\":\"A\",\"value\":\"a\\u0000b\"}]";
    private static final String OF_A_CONTAINER =
            "\"containers\":[{\"name\":\"a\",\"image\":\"busybox:1.36\",\"command\":[\"true\"],"
                    + "\"env\":[{\"name\":\"A\",\"value\":\"\\u0000\"}]}]";

    @TempDir static Path data;
    private static WindlassUp up;
    private static int started;

    private record Answer(int status, String body) {
        Map<String, Object> tree() {
            return Json.object(body);
        }
    }

    @BeforeEach
    void start() throws Exception {
        if (up != null) {
            return;
        }
        started++;
        up = WindlassUp.start(ROOT, Files.createDirectory(data.resolve("up-" + started)));
        assertThat(post("/api/v1/schedules", NEIGHBOUR).status()).isEqualTo(201);
        neighboursWork();
    }

    @AfterEach
    void beginAnew() {
        if (OTHER != null) {
            stop();
        }
    }

    @AfterAll
    static void stop() {
        if (up != null) {
            up.close();
            up = null;
        }
    }

    /** As text: a client's own reader would have its own bounds. */
    private static Answer call(String method, String path, String body) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(up.api().url() + path))
                        .timeout(Duration.ofSeconds(90))
                        .header("Authorization", "Bearer " + up.api().token())
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(answer.statusCode(), answer.body());
    }

    private static Answer get(String path) throws Exception {
        Answer answer = call("GET", path, "");
        assertThat(answer.status()).as("%s: %s", path, answer.body()).isEqualTo(200);
        return answer;
    }

    private static Answer post(String path, String body) throws Exception {
        return call("POST", path, body);
    }

    private static List<Map<String, Object>> items(Answer answer) {
        return ((List<?>) answer.tree().get("items")).stream().map(Json::asObject).toList();
    }

    private static void neighboursWork() throws Exception {
        Instant begun = Instant.now();
        for (String path : List.of("jobs?limit=500", "schedules?limit=500", "events?limit=500")) {
            get("/api/v1/" + path);
        }
        Api api = up.api();
        String runs = api.submit(Api.job("neighbour-runs", "sleep", "1000"));
        Awaitility.await("it is told that a neighbour's job runs")
                .atMost(TOLD)
                .until(() -> "RUNNING".equals(api.get(runs).get("state")));
        assertThat(api.cancel(runs).status()).isEqualTo(202);
        assertThat(api.awaitEnd(runs, SOON)).containsEntry("state", "CANCELLED");
        String ends = api.submit(Api.job("neighbour-ends", "true"));
        assertThat(api.awaitEnd(ends, SOON)).containsEntry("state", "SUCCEEDED");
        Awaitility.await("the feed tells of both")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(ended()).contains(runs, ends));
        Awaitility.await("a neighbour's schedule has run since")
                .atMost(SOON)
                .until(() ->
                        items(get("/api/v1/schedules/default/neighbour/runs")).stream()
                                .anyMatch(run ->
                                        Instant.parse(run.get("plannedAt").toString())
                                                        .isAfter(begun)
                                                && "SUCCEEDED".equals(run.get("jobState"))));
    }

    /** The jobs whose end the feed tells, from its beginning. */
    private static List<String> ended() throws Exception {
        Stream.Builder<String> ids = Stream.builder();
        String after = "";
        List<Map<String, Object>> page;
        do {
            page = items(get("/api/v1/events?limit=500" + after));
            page.stream()
                    .filter(event -> List.of("SUCCEEDED", "CANCELLED").contains(event.get("to")))
                    .forEach(event -> ids.add(event.get("jobId").toString()));
            if (!page.isEmpty()) {
                after = "&after=" + page.getLast().get("cursor");
            }
        } while (!page.isEmpty());
        return ids.build().toList();
    }

    static Stream<Arguments> fields() {
        return Stream.of(
                Arguments.of("1e200", PORT.formatted("1e200"), "/containers/0/ports/0"),
                Arguments.of("1e-200", PORT.formatted("1e-200"), "/containers/0/ports/0"),
                Arguments.of("NUL in a variable", VARIABLE, "/env/0/value"),
                Arguments.of("NUL in a container's", OF_A_CONTAINER, "/containers/0/env/0/value"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fields")
    void shouldRefuseAJobAndHurtNobody(String name, String fields, String pointer)
            throws Exception {
        Answer answer = post("/api/v1/jobs", "{\"name\":\"odd\"," + fields + "}");
        neighboursWork();
        refused(answer, pointer);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fields")
    void shouldRefuseAScheduleAndHurtNobody(String name, String fields, String pointer)
            throws Exception {
        String schedule = "{\"name\":\"odd\",\"every\":\"1s\",\"job\":{" + fields + "}}";
        Answer made = post("/api/v1/schedules", schedule);
        Answer put = call("PUT", "/api/v1/schedules/default/odd", schedule);
        neighboursWork();
        refused(made, "/job" + pointer);
        refused(put, "/job" + pointer);
    }

    private static void refused(Answer answer, String pointer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains("\"pointer\":\"" + pointer);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T00:00:00.123456789Z, 2026-01-01T00:00:00.123Z",
        "+300000-01-01T00:00:00Z,",
        "-300000-01-01T00:00:00Z,"
    })
    void shouldKeepOrRefuseABeginningAndHurtNobody(String startAt, String kept) throws Exception {
        String schedule =
                "{\"name\":\"begins\",\"every\":\"1h\",\"job\":{\"image\":\"busybox:1.36\",\"command\":[\"true\"]},\"startAt\":\"%s\"}"
                        .formatted(startAt);
        Answer answer = post("/api/v1/schedules", schedule);
        neighboursWork();
        if (kept == null) {
            refused(answer, "/startAt");
            return;
        }
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        Answer read = get("/api/v1/schedules/default/begins");
        assertThat(read.tree()).containsEntry("startAt", kept).isEqualTo(answer.tree());
        assertThat(call("DELETE", "/api/v1/schedules/default/begins", "").status()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource({"0, SUCCEEDED", "3, FAILED"})
    void shouldTellOfAProgramWhoseLastOutputIsNoCharacterAndHurtNobody(String code, String state)
            throws Exception {
        String script = "printf 'last \\357\\277\\277'; exit " + code;
        String id = up.api().submit(Api.job("odd-output", "sh", "-c", script));
        Map<String, Object> end = up.api().awaitEnd(id, SOON);
        neighboursWork();
        assertThat(end).containsEntry("state", state);
        assertThat(end.get("exitCode")).hasToString(code);
        assertThat(get("/api/v1/jobs/" + id + "/logs").body()).startsWith("last ");
    }
}
