package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.service.ByteBudget;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A call that is refused before its body has come is answered, and its connection goes on: what is
 * neither read nor dropped would hold up whoever sends it.
 */
class RefusedBodiesTest {
    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";
    private static final Duration TIME = Duration.ofSeconds(20);

    /** More than sockets and buffers take. */
    private static final String LARGE = "{\"name\":\"x\"}\n" + " ".repeat(15_000_000);

    private static WebServer web;

    @BeforeAll
    static void start() {
        web =
                new WebServer(
                        Map.of(
                                "windlass.api.max-batches", "1",
                                "windlass.api.max-batch-streams", "1"));
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    @AfterEach
    void shouldHaveGivenAllBack() {
        ByteBudget budget = web.bean(ByteBudget.class);
        Awaitility.await().untilAsserted(() -> assertThat(budget.used()).isZero());
    }

    private static HttpRequest.Builder large(String method, String path, String type) {
        return web.request("/api/v1/" + path)
                .timeout(TIME)
                .header("Content-Type", type)
                .method(method, HttpRequest.BodyPublishers.ofString(LARGE));
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @CsvSource({
        "POST, jobs?no=such, application/json, 413",
        "POST, jobs:batch?no=such, application/json, 400",
        "POST, jobs:batch?no=such, application/x-ndjson, 400",
        "POST, jobs:batch, text/plain, 415",
        "POST, schedules, application/json, 413",
        "POST, schedules:apply?no=such, application/json, 400",
        "PUT, schedules/default/none, application/json, 413",
        "POST, schedules/default/none/run, application/json, 413",
        "POST, clusters/local/declare-lost, application/json, 413",
        "POST, clusters/local/found, application/json, 413",
        "POST, jobs:cancel?no=such, application/json, 400",
        "POST, no-such-path, application/json, 404"
    })
    void shouldAnswerWhoStillSends(String method, String path, String type, int status)
            throws Exception {
        WebServer.Answer answer = web.send(large(method, path, type));
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(status);
        assertThat(web.get("/api/v1/jobs").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({JSON, NDJSON})
    void shouldAnswerWhoSendsAKeyThatIsNone(String type) throws Exception {
        String key = "k".repeat(1_000);
        WebServer.Answer answer =
                web.send(large("POST", "jobs:batch", type).header("Idempotency-Key", key));
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({JSON, NDJSON})
    void shouldAnswerWhoFindsNoPlace(String type) throws Exception {
        OpenBatches batches = web.bean(OpenBatches.class);
        try (OpenBatches.Open _ = batches.take("another");
                OpenBatches.Open _ = batches.takeForStream("another")) {
            assertThat(web.send(large("POST", "jobs:batch", type)).status()).isEqualTo(429);
        }
    }

    @Test
    void shouldAnswerWhoHasNoToken() throws Exception {
        HttpRequest.Builder stranger =
                large("POST", "jobs:batch", NDJSON).setHeader("Authorization", "Bearer none");
        assertThat(web.send(stranger).status()).isEqualTo(401);
    }

    /** At once, or a little later: whatever had been made of the call by then. */
    @Test
    void shouldNotCountTheCallOfWhoHasGone() throws Exception {
        URI uri = web.request("/").build().uri();
        byte[] begin =
                "POST /api/v1/jobs:batch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: 1000\r\n\r\n{"
                        .formatted(WebServer.TOKEN, NDJSON)
                        .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 100; i++) {
            try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
                if (i % 2 == 0) {
                    // by a reset
                    socket.setSoLinger(true, 0);
                }
                socket.getOutputStream().write(begin);
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(i * 60L));
            }
        }
        Awaitility.await()
                .untilAsserted(() -> {
                    HttpRequest.Builder lines =
                            web.request("/api/v1/jobs:batch")
                                    .header("Content-Type", NDJSON)
                                    .POST(HttpRequest.BodyPublishers.ofString("{}\n"));
                    assertThat(web.raw(lines).statusCode()).isEqualTo(200);
                });
    }
}
