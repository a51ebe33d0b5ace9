package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.json.Json;
import io.windlass.service.ByteBudget;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * All that a process holds of calls comes out of one budget; who finds none is told to come again.
 */
@Tag("slow")
class MemoryTest {
    private static final long MIB = 1 << 20;
    private static final int AT_ONCE = 64;
    private static final String SMALL = "{\"name\":\"small\",\"image\":\"b:1\"}";
    private static WebServer web;
    private static ByteBudget budget;

    @BeforeAll
    static void start() {
        web =
                new WebServer(
                        Map.of(
                                "windlass.memory.share",
                                128.0 * MIB / Runtime.getRuntime().maxMemory(),
                                "windlass.memory.patience",
                                "100ms",
                                "windlass.api.max-batch-jobs",
                                "10000",
                                "windlass.api.body-patience",
                                "10s"));
        budget = web.bean(ByteBudget.class);
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    @AfterEach
    void shouldHaveGivenAllBack() {
        Awaitility.await().untilAsserted(() -> assertThat(budget.used()).isZero());
    }

    private static String large(String name) {
        return "{\"name\":\"%s\",\"image\":\"b:1\",\"labels\":{\"size\":\"large\"},\"args\":[\"%s\"]}"
                .formatted(name, "x".repeat(250_000));
    }

    @Test
    void shouldEndAPageBeforeItsJobsAreMoreThanFourMebibytes() throws Exception {
        List<Object> made = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            made.add(
                    web.post("/api/v1/jobs", large("long-" + i).replace("\"large\"", "\"page\""))
                            .body()
                            .get("id"));
        }
        List<Object> found = new ArrayList<>();
        String path = "/api/v1/jobs?limit=500&label=size:page";
        WebServer.Answer page = web.get(path);
        int pages = 0;
        while (page.body().get("next") != null) {
            assertThat(page.raw().body().length()).isLessThan(5 << 20);
            ids(page, found);
            page = web.get(path + "&cursor=" + page.body().get("next"));
            pages++;
        }
        ids(page, found);
        assertThat(pages).isEqualTo(2);
        assertThat(found).isEqualTo(made.reversed());
        WebServer.Answer cancelled = web.post("/api/v1/jobs:cancel?label=size:page", "");
        assertThat(cancelled.body().get("done")).hasToString("40");
    }

    private static void ids(WebServer.Answer page, List<Object> into) {
        assertThat(page.status()).isEqualTo(200);
        assertThat((List<?>) page.body().get("items")).isNotEmpty();
        ((List<?>) page.body().get("items"))
                .forEach(item -> into.add(Json.asObject(item).get("id")));
    }

    @Test
    void shouldSendAwayWhoFindsNoMemoryAndTakeItLater() throws Exception {
        shouldTakeASmallJobWithin(Duration.ofSeconds(30));
        try (ByteBudget.Share others = budget.await(budget.most())) {
            for (String path : List.of("jobs", "jobs:batch", "schedules", "schedules:apply")) {
                WebServer.Answer answer = web.post("/api/v1/" + path, "[" + SMALL + "]");
                assertThat(answer.status()).as(path).isEqualTo(503);
                assertThat(answer.body().get("type").toString()).endsWith("/busy");
                assertThat(answer.raw().headers().firstValue("Retry-After")).isPresent();
            }
            assertThat(web.get("/api/v1/jobs").status()).isEqualTo(503);
            assertThat(others).isNotNull();
        }
        assertThat(web.post("/api/v1/jobs", SMALL).status()).isEqualTo(202);
        assertThat(web.get("/api/v1/jobs").status()).isEqualTo(200);
    }

    /** What small requests used to cost gigabytes. */
    enum Hostile {
        MANY_VALUES("jobs", "application/json", 422, "{\"x\":[" + "[],".repeat(80_000) + "0]}"),
        MANY_ITEMS("jobs:batch", "application/json", 413, "[" + "{},".repeat(5_000_000) + "{}]"),
        LARGE_ITEMS(
                "jobs:batch",
                "application/json",
                200,
                "[" + (large("item") + ",").repeat(60) + large("item") + "]"),
        LARGE_LINES("jobs:batch", "application/x-ndjson", 200, (large("line") + "\n").repeat(60)),
        TEMPLATE("schedules:apply", "application/json", 422, template()),
        MEMBERS(
                "schedules:apply",
                "application/json",
                422,
                "{\"set\":\"s\",\"schedules\":[" + "{},".repeat(9_000) + "{}]}"),
        UNKNOWN_KEYS("jobs", "application/json", 422, unknownKeys());

        final String path;
        final String type;
        final int status;
        final String body;

        Hostile(String path, String type, int status, String body) {
            this.path = path;
            this.type = type;
            this.status = status;
            this.body = body;
        }

        private static String template() {
            return """
            {"set":"s","templates":[{"name":"t","parameters":[{"name":"a"}],
              "schedule":{"name":"x","every":"1h","job":{"image":"b","args":["%s"]}}}],
             "instances":[{"template":"t","with":{"a":"%s"}}]}
            """
                    .formatted("${a}".repeat(500), "x".repeat(2_000_000));
        }

        private static String unknownKeys() {
            StringBuilder job = new StringBuilder("{\"name\":\"x\",\"image\":\"b\"");
            for (int i = 0; i < 10_000; i++) {
                job.append(",\"unknown-").append(i).append("\":1");
            }
            return job + "}";
        }

        HttpRequest.Builder request() {
            return web.request("/api/v1/" + path)
                    .header("Content-Type", type)
                    .POST(HttpRequest.BodyPublishers.ofString(body));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldAnswerSixtyFourOfThemAtOnceAndASmallJobBeside(Hostile hostile) throws Exception {
        assertThat(web.raw(hostile.request()).statusCode()).isEqualTo(hostile.status);
        Map<Integer, Integer> answers = new TreeMap<>();
        List<Future<Integer>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < AT_ONCE; i++) {
                all.add(threads.submit(() -> web.raw(hostile.request()).statusCode()));
            }
            shouldTakeASmallJobWithin(Duration.ofSeconds(30));
            for (Future<Integer> one : all) {
                answers.merge(one.get(120, TimeUnit.SECONDS), 1, Integer::sum);
            }
        }
        // 408 where the machine is too slow for all of them
        assertThat(answers.keySet()).as("%s", answers).isSubsetOf(hostile.status, 503, 429, 408);
        assertThat(answers).containsKey(hostile.status);
        shouldTakeASmallJobWithin(Duration.ofSeconds(5));
    }

    /** Sent again after each refusal, as it says. */
    private static void shouldTakeASmallJobWithin(Duration time) {
        Awaitility.await()
                .atMost(time)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> web.post("/api/v1/jobs", SMALL).status() == 202);
    }

    private static Socket dripping(String path, String type, int length, String begin)
            throws IOException {
        URI uri = web.request("/").build().uri();
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(60_000);
        OutputStream out = socket.getOutputStream();
        out.write(
                "POST /api/v1/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(path, WebServer.TOKEN, type, length, begin)
                        .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return socket;
    }

    private static String statusLine(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        int next = in.read();
        while (next >= 0 && next != '\r') {
            line.append((char) next);
            next = in.read();
        }
        return line.toString();
    }

    @Test
    void shouldGiveUpBodiesThatDoNotCome() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                String begin = "{\"x\":\"" + "x".repeat(200_000);
                sockets.add(dripping("jobs", "application/json", 250_000, begin));
            }
            Awaitility.await().until(() -> budget.used() > 8 * MIB);
            shouldTakeASmallJobWithin(Duration.ofSeconds(5));
            for (Socket socket : sockets) {
                assertThat(statusLine(socket)).startsWith("HTTP/1.1 408");
            }
            assertThat(budget.used()).isZero();
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
