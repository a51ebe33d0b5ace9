package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.JobSpecReader;
import io.windlass.json.Json;
import io.windlass.store.Database;
import io.windlass.store.EventFeed;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The API where nothing is wrong. */
class JobsApiTest {
    private static WebServer web;

    @BeforeAll
    static void start() {
        web = new WebServer();
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    private static String job(String name, String more) {
        return "{\"name\":\"" + name + "\",\"image\":\"busybox:1.36\"" + more + "}";
    }

    private static String submit(String name) throws Exception {
        WebServer.Answer answer = web.post("/api/v1/jobs", job(name, ""));
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
        return answer.body().get("id").toString();
    }

    @Test
    void shouldAnswerASubmissionWithTheJobAndWhereItIs() throws Exception {
        String more =
                ",\"env\":[{\"name\":\"A\",\"value\":\"b\"}],\"resources\":{\"memory\":\"64Mi\",\"cpu\":\"100m\"},"
                        + "\"labels\":{\"long-label\":\"x\",\"b\":\"y\"},\"priority\":3,\"timeout\":\"24h\"";
        WebServer.Answer answer = web.post("/api/v1/jobs", job("one", more));
        assertThat(answer.status()).isEqualTo(202);
        String location = answer.raw().headers().firstValue("Location").orElseThrow();
        assertThat(location).isEqualTo("/api/v1/jobs/" + answer.body().get("id"));
        WebServer.Answer read = web.get(location);
        assertThat(read.without("waiting"))
                .as("what was answered is what is read")
                .isEqualTo(answer.without("waiting"));
        assertThat(read.body().get("waiting"))
                .as("why it is queued is asked when it is read: here no cluster has ever answered")
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("class", "CLUSTER_AWAY")
                .containsEntry("object", "cluster local");
        assertThat(read.body()).containsEntry("state", "QUEUED").containsEntry("timeout", "24h");
        assertThat(read.raw().headers().firstValue("ETag")).contains("\"1\"");
        assertThat(web.send(web.request(location).header("If-None-Match", "\"1\"").GET()).status())
                .isEqualTo(304);
    }

    @Test
    void shouldAnswerTheSameKeyWithTheSameJob() throws Exception {
        String body = job("keyed", "");
        Object id = web.post("/api/v1/jobs", body, "Idempotency-Key", "k1").body().get("id");
        WebServer.Answer again =
                web.post("/api/v1/jobs", body.replace(",", " , "), "Idempotency-Key", "k1");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().get("id")).isEqualTo(id);
        WebServer.Answer other =
                web.post("/api/v1/jobs", job("other", ""), "Idempotency-Key", "k1");
        assertThat(other.status()).isEqualTo(409);
    }

    @Test
    void shouldShowTheKubernetesJobAndStoreNothingOnADryRun() throws Exception {
        WebServer.Answer answer =
                web.post("/api/v1/jobs?dryRun=true", job("dry", ",\"labels\":{\"dry\":\"run\"}"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .containsEntry("kind", "Job")
                .containsEntry("apiVersion", "batch/v1");
        assertThat((List<?>) web.get("/api/v1/jobs?label=dry:run").body().get("items")).isEmpty();
    }

    @Test
    void shouldTakeABatchAndFailOnlyItsBadLines() throws Exception {
        String body =
                "["
                        + job("b1", "")
                        + ",{\"name\":\"b2\"},"
                        + job("b3", ",\"idempotencyKey\":\"x\"")
                        + "]";
        WebServer.Answer answer = web.post("/api/v1/jobs:batch", body);
        assertThat(answer.status()).isEqualTo(200);
        List<Map<String, Object>> results =
                ((List<?>) answer.body().get("results")).stream().map(Json::asObject).toList();
        assertThat(results)
                .extracting(r -> r.get("status").toString())
                .containsExactly("202", "422", "202");
        assertThat(results)
                .extracting(r -> r.get("index").toString())
                .containsExactly("0", "1", "2");
    }

    @Test
    void shouldCancelIdempotently() throws Exception {
        String id = submit("cancelled");
        for (int i = 0; i < 2; i++) {
            WebServer.Answer answer = web.post("/api/v1/jobs/" + id + "/cancel", "");
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.body()).containsEntry("desired", "CANCEL");
        }
        assertThat(web.send(web.request("/api/v1/jobs/" + id).DELETE()).status()).isEqualTo(202);
    }

    @Test
    void shouldRunAgainFromTheSameSpec() throws Exception {
        String id = submit("again");
        WebServer.Answer answer = web.post("/api/v1/jobs/" + id + "/rerun", "");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).containsEntry("rerunOf", id).containsEntry("name", "again");
    }

    @Test
    void shouldPageNewestFirst() throws Exception {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            ids.add(submit("paged"));
        }
        Set<String> found = new HashSet<>();
        String next = "";
        while (next != null) {
            Map<String, Object> page = web.get("/api/v1/jobs?name=paged&limit=2" + next).body();
            ((List<?>) page.get("items"))
                    .forEach(item -> found.add(Json.asObject(item).get("id").toString()));
            next = page.get("next") == null ? null : "&cursor=" + page.get("next");
        }
        assertThat(found).isEqualTo(ids);
    }

    @Test
    void shouldNotShowValuesOfVariablesInLists() throws Exception {
        web.post(
                "/api/v1/jobs",
                job("secretive", ",\"env\":[{\"name\":\"PIN\",\"value\":\"hunter2\"}]"));
        assertThat(web.get("/api/v1/jobs?name=secretive").raw().body())
                .contains("PIN")
                .doesNotContain("hunter2");
    }

    @Test
    void shouldFollowTheFeedFromAnyCursor() throws Exception {
        submit("fed");
        web.bean(EventFeed.class).sequence(1_000);
        Map<String, Object> all = web.get("/api/v1/events?limit=1000").body();
        int total = ((List<?>) all.get("items")).size();
        assertThat(total).isPositive();
        int read = 0;
        String after = "";
        while (read < total) {
            Map<String, Object> page = web.get("/api/v1/events?limit=1" + after).body();
            read += ((List<?>) page.get("items")).size();
            after = "&after=" + page.get("next");
        }
        Map<String, Object> end = web.get("/api/v1/events?limit=1" + after).body();
        assertThat((List<?>) end.get("items")).isEmpty();
        assertThat("&after=" + end.get("next")).isEqualTo(after);
    }

    @Test
    void shouldWaitNoLongerThanAsked() throws Exception {
        String id = submit("waiting");
        long begin = System.nanoTime();
        WebServer.Answer answer = web.get("/api/v1/jobs/" + id + "?wait=1s");
        assertThat(answer.body()).containsEntry("state", "QUEUED");
        assertThat(System.nanoTime() - begin).isBetween(900_000_000L, 5_000_000_000L);
    }

    @Test
    void shouldBeOpenWhereItSaysHowItIsSpokenTo() throws Exception {
        for (String path :
                List.of(
                        "/healthz",
                        "/openapi.yml",
                        "/docs",
                        "/docs/index.html",
                        "/health/liveness")) {
            WebServer.Answer answer =
                    web.send(HttpRequest.newBuilder(web.request(path).build().uri()));
            assertThat(answer.status()).as(path).isIn(200, 307, 301, 302);
        }
        assertThat(web.get("/healthz").raw().body())
                .isEqualTo("{\"message\":\"ok\",\"status\":200}");
        assertThat(web.get("/openapi.yml").raw().body())
                .contains("/api/v1/jobs:batch", "/api/v1/jobs/{id}/cancel", "/api/v1/events");
    }

    @Test
    void shouldDescribeExactlyTheFieldsThatItReadsAndAnswers() throws Exception {
        assertThat(names(JobRequest.class)).isEqualTo(new TreeSet<>(JobSpecReader.FIELDS));
        WebServer.Answer answer = web.post("/api/v1/jobs", job("described", ""));
        assertThat(new TreeSet<>(answer.body().keySet())).isEqualTo(names(JobDocument.class));
        Map<String, Object> events =
                web.get("/api/v1/jobs/" + answer.body().get("id") + "/events").body();
        Map<String, Object> first = Json.asObject(((List<?>) events.get("items")).getFirst());
        assertThat(new TreeSet<>(first.keySet())).isEqualTo(names(EventDocument.class));
    }

    /** More than any page has: their versions, page by page. */
    private static List<String> versions(String path, int most) throws Exception {
        List<String> versions = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            WebServer.Answer page = web.get(path + cursor);
            assertThat(page.status()).as("%s", page.body()).isEqualTo(200);
            List<?> items = (List<?>) page.body().get("items");
            assertThat(items).hasSizeLessThanOrEqualTo(most);
            items.forEach(item -> versions.add(Json.asObject(item).get("version").toString()));
            Object next = page.body().get("next");
            assertThat(items.size() == most).as("a page that is not full").isEqualTo(next != null);
            cursor = next == null ? null : (path.contains("?") ? "&" : "?") + "cursor=" + next;
        }
        return versions;
    }

    @Test
    void shouldShowALongHistoryPageByPage() throws Exception {
        String id = submit("eventful");
        web.bean(Database.class)
                .inTransaction(handle ->
                        handle.execute(
                                """
                                insert into job_event (job_id, version, at, to_state, reason, message, source)
                                select '%s', n, now(), 'QUEUED', 'Told', 'x', 'API' from generate_series(2, 1203) n
                                """
                                        .formatted(id)));
        String path = "/api/v1/jobs/" + id + "/events";
        List<String> all = IntStream.rangeClosed(1, 1_203).mapToObj(Integer::toString).toList();
        assertThat(versions(path, 500)).isEqualTo(all);
        assertThat(versions(path + "?limit=401", 401)).as("the last page is full").isEqualTo(all);
        for (String wrong : List.of("?limit=501", "?limit=0", "?cursor=none", "?after=1")) {
            assertThat(web.get(path + wrong).status()).as(wrong).isEqualTo(400);
        }
    }

    @Test
    void shouldTellWhatStopsJobsNow() throws Exception {
        assertThat(web.get("/api/v1/problems").body()).containsEntry("items", List.of());
        assertThat(web.get("/api/v1/problems?limit=0").status()).isEqualTo(400);
        assertThat(web.get("/api/v1/jobs?waiting=NOTHING").status()).isEqualTo(400);
        assertThat(web.get("/api/v1/jobs?waiting=CONFIG_MISSING&object=Secret+a").body())
                .containsEntry("items", List.of());
    }

    @Test
    void shouldTakeAJobThatWaitsForItsConfig() throws Exception {
        WebServer.Answer answer =
                web.post("/api/v1/jobs", job("patient", ",\"onMissingConfig\":\"wait\""));
        assertThat(answer.body()).containsEntry("onMissingConfig", "wait");
        assertThat(web.post("/api/v1/jobs", job("x", ",\"onMissingConfig\":\"hope\"")).status())
                .isEqualTo(422);
    }

    private static TreeSet<String> names(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void shouldAnswerWhoWaitsWhenTheServerLeaves() throws Exception {
        CompletableFuture<WebServer.Answer> waits;
        try (WebServer leaving = new WebServer()) {
            WebServer.Answer stored = leaving.post("/api/v1/jobs", job("waited-for", ""));
            waits =
                    CompletableFuture.supplyAsync(() -> {
                        try {
                            return leaving.get(
                                    "/api/v1/jobs/" + stored.body().get("id") + "?wait=60s");
                        } catch (IOException | InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
            Awaitility.await().until(() -> leaving.bean(Endings.class).waiting() > 0);
        }
        assertThat(waits.get(10, TimeUnit.SECONDS).body()).containsEntry("state", "QUEUED");
    }
}
