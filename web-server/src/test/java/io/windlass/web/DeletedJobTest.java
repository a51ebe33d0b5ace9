package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.json.Json;
import io.windlass.store.Database;
import java.net.http.HttpRequest;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is sent again after its job has ended and was deleted. */
class DeletedJobTest {
    private static final String JOB = "{\"name\":\"once\",\"image\":\"busybox:1.36\"}";
    private WebServer web;

    @BeforeEach
    void start() {
        web = new WebServer();
    }

    @AfterEach
    void stop() {
        web.close();
    }

    private void delete(String id) {
        web.bean(Database.class)
                .inTransaction(handle -> handle.execute("delete from job where id = '" + id + "'"));
    }

    private long jobs() {
        return web.bean(Database.class)
                .transaction(
                        h -> h.createQuery("select count(*) from job").mapTo(Long.class).one());
    }

    @Test
    void shouldNotRunAgainWhatIsSentAgain() throws Exception {
        String id =
                web.post("/api/v1/jobs", JOB, "Idempotency-Key", "k").body().get("id").toString();
        delete(id);
        WebServer.Answer again = web.post("/api/v1/jobs", JOB, "Idempotency-Key", "k");
        assertThat(again.status()).isEqualTo(410);
        assertThat(again.body()).containsEntry("id", id);
        assertThat(again.body().get("type").toString()).endsWith("/job-gone");
        assertThat(jobs()).isZero();
    }

    @Test
    void shouldSayItOfALineOfABatch() throws Exception {
        String id = Json.asObject(line().get("job")).get("id").toString();
        delete(id);
        Map<String, Object> again = line();
        assertThat(again.get("status")).hasToString("410");
        assertThat(Json.asObject(again.get("problem"))).containsEntry("id", id);
        assertThat(jobs()).isZero();
    }

    private Map<String, Object> line() throws Exception {
        HttpRequest.Builder request =
                web.request("/api/v1/jobs:batch")
                        .header("Content-Type", "application/x-ndjson")
                        .header("Idempotency-Key", "b")
                        .POST(HttpRequest.BodyPublishers.ofString(JOB));
        return Json.asObject(Json.parse(web.raw(request).body()));
    }
}
