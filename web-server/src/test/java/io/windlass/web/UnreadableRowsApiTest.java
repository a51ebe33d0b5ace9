package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Decider;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.Rules;
import io.windlass.json.Json;
import io.windlass.messages.Installation;
import io.windlass.store.Clerk;
import io.windlass.store.Database;
import io.windlass.store.Ledger;
import io.windlass.store.Progressions;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rows that nobody can read, as a version before may have stored them: the others are shown. */
class UnreadableRowsApiTest {
    private static WebServer web;

    @BeforeAll
    static void start() {
        web = new WebServer();
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    private static void execute(String sql) {
        web.bean(Database.class).inTransaction(handle -> handle.execute(sql));
    }

    private static String submit(String name) throws Exception {
        WebServer.Answer answer =
                web.post("/api/v1/jobs", "{\"name\":\"" + name + "\",\"image\":\"b:1\"}");
        return answer.body().get("id").toString();
    }

    private static String spoiled() throws Exception {
        String id = submit("spoiled");
        execute(
                "update job set spec = '{\"n\": 1e200}', spec_text = null where id = '%s'"
                        .formatted(id));
        return id;
    }

    private static List<?> items(String path) throws Exception {
        WebServer.Answer answer = web.get(path);
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
        return (List<?>) answer.body().get("items");
    }

    private static void seenToByAProcessor(String id) {
        Progressions progressions = web.bean(Progressions.class);
        Decider decider = new Decider(Rules.DEFAULT, web.bean(Installation.class).id());
        Job job = progressions.load(new JobId(UUID.fromString(id))).orElseThrow();
        assertThat(
                        progressions.write(
                                new Progressions.Step(
                                        job, decider.decide(job, new Input.Due(), Instant.now()))))
                .isTrue();
    }

    @Test
    void shouldShowListCancelAndDeleteAJobWhoseSpecCannotBeRead() throws Exception {
        String id = spoiled();
        String other = submit("other");
        assertThat(items("/api/v1/jobs"))
                .extracting(item -> Json.asObject(item).get("id"))
                .contains(id, other);
        WebServer.Answer read = web.get("/api/v1/jobs/" + id);
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.body())
                .containsEntry("name", "spoiled")
                .containsEntry("namespace", "default")
                .containsEntry("cluster", "local")
                .containsEntry("image", null);
        assertThat(read.body().get("unreadable").toString()).contains("number");
        assertThat(web.get("/api/v1/jobs/" + other).body()).containsEntry("unreadable", null);

        for (String path : List.of("/rerun", "/manifest")) {
            WebServer.Answer answer =
                    path.equals("/rerun")
                            ? web.post("/api/v1/jobs/" + id + path, "")
                            : web.get("/api/v1/jobs/" + id + path);
            assertThat(answer.status()).as(path).isEqualTo(409);
            assertThat(answer.body().get("type").toString()).endsWith("/unreadable");
        }
        assertThat(items("/api/v1/jobs/" + id + "/events")).isNotEmpty();
        assertThat(web.post("/api/v1/jobs/" + id + "/cancel", "").status()).isEqualTo(202);
        seenToByAProcessor(id);
        assertThat(web.post("/api/v1/jobs:delete?name=spoiled", "").body().get("done"))
                .hasToString("1");
        assertThat(web.get("/api/v1/jobs/" + id).status()).isEqualTo(404);
    }

    private static WebServer.Answer put(String name, String every) throws Exception {
        String body = "{\"every\":\"" + every + "\",\"job\":{\"image\":\"b:1\"}}";
        return web.send(
                web.request("/api/v1/schedules/default/" + name)
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void shouldShowAndMendAScheduleWhoseDefinitionCannotBeRead() throws Exception {
        put("spoiled", "1s");
        put("other", "1s");
        execute(
                """
                update schedule set definition = '{"n": 1e200}', version = version + 1,
                    next_due = clock_timestamp() where name = 'spoiled'
                """);
        assertThat(items("/api/v1/schedules"))
                .extracting(item -> Json.asObject(item).get("name"))
                .containsExactly("other", "spoiled");
        assertThat(web.get("/api/v1/schedules/default/other").body())
                .containsEntry("unreadable", null);
        assertThat(web.get("/api/v1/schedules/default/spoiled").body().get("unreadable"))
                .asString()
                .contains("number");

        web.bean(Ledger.class).account(100, web.bean(Clerk.class).withRoomFor(10));
        assertThat(items("/api/v1/problems"))
                .map(Json::asObject)
                .anySatisfy(problem ->
                        assertThat(problem)
                                .containsEntry("class", "SCHEDULE_SET_ASIDE")
                                .containsEntry("object", "schedule default/spoiled")
                                .hasEntrySatisfying(
                                        "cause",
                                        cause -> assertThat(cause.toString()).contains("number")));

        assertThat(put("spoiled", "2s").status()).isEqualTo(200);
        web.bean(Ledger.class).account(100, web.bean(Clerk.class).withRoomFor(10));
        WebServer.Answer mended = web.get("/api/v1/schedules/default/spoiled");
        assertThat(mended.body()).containsEntry("unreadable", null).containsEntry("every", "2s");
        assertThat(Json.asObject(mended.body().get("health"))).containsEntry("setAside", null);
        assertThat(items("/api/v1/problems"))
                .extracting(problem -> Json.asObject(problem).get("class"))
                .doesNotContain("SCHEDULE_SET_ASIDE");
    }

    @Test
    void shouldDeleteAScheduleWhoseDefinitionCannotBeRead() throws Exception {
        put("gone", "1h");
        execute("update schedule set definition = '7', version = version + 1 where name = 'gone'");
        HttpRequest.Builder delete = web.request("/api/v1/schedules/default/gone").DELETE();
        assertThat(web.send(delete).status()).isEqualTo(204);
        assertThat(web.get("/api/v1/schedules/default/gone").status()).isEqualTo(404);
    }
}
