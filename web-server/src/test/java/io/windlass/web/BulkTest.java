package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Decider;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.Rules;
import io.windlass.json.Json;
import io.windlass.messages.Installation;
import io.windlass.store.Admissions;
import io.windlass.store.Progressions;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What concerns many jobs at once: cancelled and deleted by filters, held back by cluster. */
class BulkTest {
    private static WebServer web;

    @BeforeAll
    static void start() {
        web = new WebServer();
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    private static String job(String name) {
        return "{\"name\":\""
                + name
                + "\",\"image\":\"busybox:1.36\",\"labels\":{\"set\":\""
                + name
                + "\"}}";
    }

    private static List<String> submit(String name, int count) throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(web.post("/api/v1/jobs", job(name)).body().get("id").toString());
        }
        return ids;
    }

    private static Map<String, String> counts(WebServer.Answer answer) {
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
        Map<String, String> counts = new HashMap<>();
        for (String field : List.of("matched", "done", "notYet", "more")) {
            counts.put(field, answer.body().get(field).toString());
        }
        return counts;
    }

    private static Map<String, String> expected(int matched, int done, int notYet) {
        return Map.of(
                "matched", Integer.toString(matched),
                "done", Integer.toString(done),
                "notYet", Integer.toString(notYet),
                "more", "false");
    }

    private static void seenToByAProcessor(String id) {
        Progressions progressions = web.bean(Progressions.class);
        Job job = progressions.load(new JobId(UUID.fromString(id))).orElseThrow();
        assertThat(
                        progressions.write(
                                new Progressions.Step(
                                        job,
                                        decider().decide(job, new Input.Due(), Instant.now()))))
                .isTrue();
    }

    private static Decider decider() {
        return new Decider(Rules.DEFAULT, web.bean(Installation.class).id());
    }

    private static Object state(String id) throws Exception {
        return web.get("/api/v1/jobs/" + id).body().get("state");
    }

    @Test
    void shouldSayWhatItWouldCancelAndCancelNothingOnADryRun() throws Exception {
        List<String> ids = submit("rehearsed", 3);
        WebServer.Answer answer =
                web.post("/api/v1/jobs:cancel?label=set:rehearsed&dryRun=true", "");
        assertThat(counts(answer)).isEqualTo(expected(3, 0, 0));
        assertThat((List<?>) answer.body().get("sample"))
                .map(Object::toString)
                .hasSameElementsAs(ids);
        assertThat(state(ids.getFirst())).isEqualTo("QUEUED");
    }

    @Test
    void shouldCancelWhatHasNotEndedAndNothingElse() throws Exception {
        List<String> ids = submit("unwanted", 3);
        String wanted = submit("wanted", 1).getFirst();
        assertThat(counts(web.post("/api/v1/jobs:cancel?label=set:unwanted", "")))
                .isEqualTo(expected(3, 3, 0));
        for (String id : ids) {
            assertThat(web.get("/api/v1/jobs/" + id).body()).containsEntry("desired", "CANCEL");
        }
        assertThat(web.get("/api/v1/jobs/" + wanted).body()).containsEntry("desired", "RUN");
    }

    @Test
    void shouldDeleteWhatHasEndedWithItsHistory() throws Exception {
        List<String> ids = submit("past", 2);
        web.post("/api/v1/jobs:cancel?label=set:past", "");
        assertThat(counts(web.post("/api/v1/jobs:delete?label=set:past", "")))
                .as("nobody has seen to the wish yet")
                .isEqualTo(expected(0, 0, 0));
        ids.forEach(BulkTest::seenToByAProcessor);
        assertThat(counts(web.post("/api/v1/jobs:delete?label=set:past", "")))
                .isEqualTo(expected(2, 2, 0));
        for (String id : ids) {
            assertThat(web.get("/api/v1/jobs/" + id).status()).isEqualTo(404);
            assertThat(web.get("/api/v1/jobs/" + id + "/events").status()).isEqualTo(404);
        }
    }

    @Test
    void shouldNotDeleteWhatLives() throws Exception {
        String id = submit("alive", 1).getFirst();
        assertThat(counts(web.post("/api/v1/jobs:delete?label=set:alive", "")))
                .isEqualTo(expected(0, 0, 0));
        assertThat(counts(web.post("/api/v1/jobs:delete?label=set:alive&state=QUEUED", "")))
                .isEqualTo(expected(0, 0, 0));
        assertThat(state(id)).isEqualTo("QUEUED");
    }

    @Test
    void shouldCancelAndDeleteOneOfTwoOfTheSameName() throws Exception {
        List<String> ids = submit("twins", 2);
        String gone = ids.getFirst();
        assertThat(counts(web.post("/api/v1/jobs:cancel?id=" + gone, "")))
                .isEqualTo(expected(1, 1, 0));
        seenToByAProcessor(gone);
        assertThat(counts(web.post("/api/v1/jobs:delete?dryRun=true&id=" + gone, "")))
                .isEqualTo(expected(1, 0, 0));
        assertThat(counts(web.post("/api/v1/jobs:delete?id=" + gone, "")))
                .isEqualTo(expected(1, 1, 0));
        assertThat(counts(web.post("/api/v1/jobs:delete?id=" + gone, "")))
                .as("it is not there any more")
                .isEqualTo(expected(0, 0, 0));
        assertThat(web.get("/api/v1/jobs/" + gone).status()).isEqualTo(404);
        assertThat(state(ids.getLast())).isEqualTo("QUEUED");
        assertThat(web.post("/api/v1/jobs:delete?id=twins", "").status()).isEqualTo(400);
        assertThat(web.post("/api/v1/jobs:delete?id=", "").status()).isEqualTo(400);
        assertThat(
                        web.post(
                                        "/api/v1/jobs:delete?dryRun=true&name=twins&ending="
                                                + gone.substring(24),
                                        "")
                                .status())
                .as("who deletes says exactly what")
                .isEqualTo(400);
        String many = ("&id=" + gone).repeat(51).substring(1);
        assertThat(web.post("/api/v1/jobs:cancel?" + many, "").status()).isEqualTo(400);
    }

    @Test
    void shouldWantAFilterOrThatAllAreMeant() throws Exception {
        for (String call : List.of("cancel", "delete")) {
            WebServer.Answer answer = web.post("/api/v1/jobs:" + call, "");
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body().get("detail").toString()).contains("all=true");
            assertThat(web.post("/api/v1/jobs:" + call + "?all=true&dryRun=true", "").status())
                    .isEqualTo(200);
            assertThat(web.post("/api/v1/jobs:" + call + "?colour=red", "").status())
                    .isEqualTo(400);
        }
    }

    @Test
    void shouldCancelMoreThanAPage() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 1_100; i++) {
            lines.append(job("crowd")).append('\n');
        }
        web.raw(
                web.request("/api/v1/jobs:batch")
                        .header("Content-Type", "application/x-ndjson")
                        .POST(HttpRequest.BodyPublishers.ofString(lines.toString())));
        assertThat(counts(web.post("/api/v1/jobs:cancel?label=set:crowd", "")))
                .isEqualTo(expected(1_100, 1_100, 0));
    }

    private static Map<String, Object> cluster() throws Exception {
        List<?> items = (List<?>) web.get("/api/v1/clusters").body().get("items");
        assertThat(items).hasSize(1);
        return Json.asObject(items.getFirst());
    }

    @Test
    void shouldHoldBackWhatIsQueuedWhileTheClusterIsPaused() throws Exception {
        WebServer.Answer paused = web.post("/api/v1/clusters/local/pause", "");
        assertThat(paused.status()).isEqualTo(200);
        assertThat(paused.body()).containsEntry("name", "local").containsEntry("paused", true);
        submit("held", 1);
        Admissions admissions = new Admissions(web.bean(Progressions.class), decider());
        Admissions.Bounds room = new Admissions.Bounds(10_000, 10_000, 10_000, 10_000);
        assertThat(admissions.admit("local", room).admitted()).isZero();
        assertThat(cluster()).containsEntry("paused", true);
        assertThat(web.post("/api/v1/clusters/local/resume", "").body())
                .containsEntry("paused", false);
        assertThat(admissions.admit("local", room).admitted()).isPositive();
        assertThat(Long.parseLong(cluster().get("liveJobs").toString())).isPositive();
    }

    @Test
    void shouldSayWhichClustersThereAre() throws Exception {
        WebServer.Answer answer = web.post("/api/v1/clusters/nowhere/pause", "");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body().get("detail").toString()).contains("local");
    }
}
