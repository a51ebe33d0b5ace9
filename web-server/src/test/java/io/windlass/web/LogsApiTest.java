package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.json.Json;
import io.windlass.log.Loss;
import io.windlass.store.LogShelf;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Logs over HTTP: from the store, from a gateway, and from one to the other. */
class LogsApiTest {
    private static WebServer web;

    @BeforeAll
    static void start() {
        web = new WebServer();
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    private static String job() throws Exception {
        return web.post("/api/v1/jobs", "{\"name\":\"a\",\"image\":\"busybox:1.36\"}")
                .body()
                .get("id")
                .toString();
    }

    private static HttpResponse<String> logs(String job, String query) throws Exception {
        return web.raw(web.request("/api/v1/jobs/" + job + "/logs" + query).GET());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    void shouldReadFromTheStoreAndWhatIsNotStoredFromTheGateway() throws Exception {
        String job = job();
        try (KeptLog log = new KeptLog(web, job, "main")) {
            log.reads("one\n", "two\n").stores().reads("three\n");
            HttpResponse<String> answer = logs(job, "");
            assertThat(answer.body()).isEqualTo("one\ntwo\nthree\n");
            assertThat(header(answer, "Windlass-Log-Closed")).isEqualTo("false");
            log.closes();
            HttpResponse<String> closed = logs(job, "");
            assertThat(closed.body()).isEqualTo("one\ntwo\nthree\n");
            assertThat(header(closed, "Windlass-Log-Closed")).isEqualTo("true");
            assertThat(header(closed, "Windlass-Log-Bytes")).isEqualTo("14");
        }
    }

    @Test
    void shouldGoOnFromAnOffsetFromATimeAndSoManyLinesBeforeTheEnd() throws Exception {
        String job = job();
        try (KeptLog log = new KeptLog(web, job, "main")) {
            log.reads("one\n", "two\n").stores().reads("three\n", "four\n").stores();
            log.reads("five\n");
            assertThat(logs(job, "?offset=5").body()).isEqualTo("wo\nthree\nfour\nfive\n");
            assertThat(logs(job, "?tail=1").body()).isEqualTo("five\n");
            assertThat(logs(job, "?tail=2").body()).isEqualTo("four\nfive\n");
            assertThat(logs(job, "?tail=4").body()).isEqualTo("two\nthree\nfour\nfive\n");
            assertThat(logs(job, "?tail=0").body()).isEmpty();
            assertThat(logs(job, "?tail=99").body()).startsWith("one\n");
            assertThat(logs(job, "?since=2026-01-01T00:00:01.5Z").body())
                    .isEqualTo("three\nfour\nfive\n");
            assertThat(logs(job, "?since=2026-01-01T00:00:04Z").body()).isEqualTo("five\n");
            assertThat(logs(job, "?since=10m").body()).isEmpty();
            HttpResponse<String> both = logs(job, "?tail=2&offset=19");
            assertThat(both.body()).isEqualTo("five\n");
            assertThat(header(both, "Windlass-Log-Offset")).isEqualTo("19");
            assertThat(logs(job, "?tail=1&timestamps=true").body())
                    .isEqualTo("2026-01-01T00:00:04Z five\n");
        }
    }

    @Test
    void shouldGoOnToTheEndForWhoFollowsWhereverItIsStoredMeanwhile() throws Exception {
        String job = job();
        try (KeptLog log = new KeptLog(web, job, "main")) {
            log.reads("one\n").stores().reads("two\n");
            CompletableFuture<HttpResponse<InputStream>> opened =
                    HttpClient.newHttpClient()
                            .sendAsync(
                                    web.request("/api/v1/jobs/" + job + "/logs?follow=true")
                                            .build(),
                                    HttpResponse.BodyHandlers.ofInputStream());
            InputStream body = opened.get(10, TimeUnit.SECONDS).body();
            assertThat(new String(body.readNBytes(8), StandardCharsets.UTF_8))
                    .isEqualTo("one\ntwo\n");
            log.reads("three\n").stores().reads("four\n").stores().reads("five\n").closes();
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("three\nfour\nfive\n");
        }
    }

    @Test
    void shouldMarkWhatIsNotThereOrEndBeforeIt() throws Exception {
        String job = job();
        try (KeptLog log = new KeptLog(web, job, "main")) {
            log.reads("head\n").stores().omits(5, 12).reads("middle\n").stores();
            log.reads("tail\n").loses(Loss.Why.ROTATED, "rotated away").reads("end\n").closes();
            assertThat(logs(job, "").body())
                    .isEqualTo(
                            "head\n"
                                    + "[windlass: 7 bytes are left out here: too long to be kept whole]\n"
                                    + "tail\n"
                                    + "[windlass: something may be missing here: rotated away]\n"
                                    + "end\n");
            assertThat(logs(job, "?raw=true").body()).isEqualTo("head\n");
            HttpResponse<String> rest = logs(job, "?raw=true&offset=5");
            assertThat(header(rest, "Windlass-Log-Offset")).isEqualTo("12");
            assertThat(rest.body()).isEqualTo("tail\nend\n");
            Map<String, Object> receipt = receipt(job);
            assertThat(receipt).containsEntry("complete", false);
            assertThat(receipt.get("omitted").toString()).contains("from=5", "to=12");
            assertThat(receipt.get("lost").toString()).contains("ROTATED", "rotated away");
        }
    }

    @Test
    void shouldGoOnAfterAnObjectThatIsNotInTheStore() throws Exception {
        String job = job();
        try (KeptLog log = new KeptLog(web, job, "main")) {
            log.reads("one\n").stores().reads("two\n").stores().misses(4).reads("three\n").closes();
            assertThat(logs(job, "").body())
                    .isEqualTo(
                            "one\n[windlass: 4 bytes are left out here: its object is not in the store]\nthree\n");
        }
    }

    private static Map<String, Object> receipt(String job) throws Exception {
        // its pod was never seen by anybody but the gateway, which is not asked: settled or not,
        // logs are listed with the pods that are known
        HttpResponse<String> lines =
                web.raw(
                        web.request("/api/v1/jobs/" + job + "/logs")
                                .header("Accept", "application/x-ndjson"));
        String last = lines.body().lines().reduce((a, b) -> b).orElseThrow();
        Object end = Json.asObject(Json.parse(last)).get("end");
        return Json.asObject(Json.asObject(end).get("receipt"));
    }

    @Test
    void shouldGiveLinesAsObjectsWithTheirPlacesAndTimesAndOddBytesInBase64() throws Exception {
        String job = job();
        try (KeptLog log = new KeptLog(web, job, "main")) {
            log.reads("caf\u00c3\u00a9\n", "\u00ff\u0000\n", "x".repeat(70_000), "last").closes();
            List<String> lines =
                    web.raw(
                                    web.request("/api/v1/jobs/" + job + "/logs")
                                            .header("Accept", "application/x-ndjson"))
                            .body()
                            .lines()
                            .toList();
            assertThat(lines).hasSize(6);
            assertThat(lines.get(0))
                    .isEqualTo(
                            "{\"offset\":0,\"time\":\"2026-01-01T00:00:00Z\",\"line\":\"café\"}");
            assertThat(lines.get(1)).contains("\"offset\":6", "\"base64\":\"/wA=\"");
            assertThat(lines.get(2)).contains("\"partial\":true");
            assertThat(lines.get(3)).contains("\"offset\":65545", "\"partial\":true");
            assertThat(lines.get(4)).contains("\"line\":\"last\"", "\"partial\":true");
            assertThat(lines.get(5)).contains("\"complete\":true");
        }
    }

    @Test
    void shouldSayWhatThereIsWhereTheLogIsNot() throws Exception {
        String job = job();
        WebServer.Answer none = web.get("/api/v1/jobs/" + job + "/logs");
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.body().get("type").toString()).endsWith("/no-logs");
        assertThat(none.body().get("detail").toString()).contains("QUEUED", "follow=true");
        try (KeptLog _ = new KeptLog(web, job, "main")) {
            assertThat(
                            web.get("/api/v1/jobs/" + job + "/logs?container=other")
                                    .body()
                                    .get("detail")
                                    .toString())
                    .contains("container=main&attempt=1");
        }
        assertThat(web.get("/api/v1/jobs/" + job + "/logs?tail=x").status()).isEqualTo(400);
        assertThat(web.get("/api/v1/jobs/" + job + "/logs?offset=-1").status()).isEqualTo(400);
        assertThat(web.get("/api/v1/jobs/" + job + "/logs?since=soon").status()).isEqualTo(400);
        assertThat(web.get("/api/v1/jobs/nonsense/logs").status()).isEqualTo(404);
    }

    @Test
    void shouldTellOfNodesThatGiveNoLogsWhereNoNamespaceIsAskedFor() throws Exception {
        LogShelf shelf = web.bean(LogShelf.class);
        Instant since = Instant.parse("2026-11-26T10:00:00Z");
        List<LogShelf.NodeWithoutLogs> nodes =
                IntStream.range(0, 7)
                        .mapToObj(i -> new LogShelf.NodeWithoutLogs("n" + i, "500: tls", since))
                        .toList();
        shelf.gatewayLives("local", "http://nobody", nodes);
        try {
            assertThat(web.get("/api/v1/problems").body().get("items"))
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .singleElement(InstanceOfAssertFactories.map(String.class, Object.class))
                    .containsEntry("class", "NODE_WITHOUT_LOGS")
                    .containsEntry("object", "nodes n0, n1, n2, n3, n4 and 2 more")
                    .containsEntry(
                            "cause",
                            "its pods' logs cannot be read and are closed unread: 500: tls")
                    .containsEntry("cluster", "local")
                    .containsEntry("since", since.toString());
            assertThat(web.get("/api/v1/problems?namespace=default").body())
                    .containsEntry("items", List.of());
        } finally {
            shelf.gatewayLives("local", "http://nobody", List.of());
        }
    }

    @Test
    void shouldRenderTheKubernetesJobWhereItIsNotThereToBeRead() throws Exception {
        String job = job();
        HttpResponse<String> manifest =
                web.raw(web.request("/api/v1/jobs/" + job + "/manifest").GET());
        assertThat(header(manifest, "Windlass-Manifest")).isEqualTo("rendered");
        assertThat(manifest.body()).contains("kind: Job", job);
        assertThat(web.get("/api/v1/jobs/" + job + "/pods").body())
                .containsEntry("items", List.of())
                .containsEntry("live", false);
    }
}
