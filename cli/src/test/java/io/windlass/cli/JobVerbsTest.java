package io.windlass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that are for one job, or for a few that are named. */
class JobVerbsTest {
    private static final String ID = "01a202bf-c96b-73a6-97d0-4eff2f4e44ed";
    private static final String OTHER = "01a202bf-c96b-73a6-97d0-000000000000";

    @TempDir Path folder;

    private StubServer server;

    @BeforeEach
    void serve() throws IOException {
        server = new StubServer(folder);
        server.answers("GET /api/v1/jobs/" + ID, job(ID, "SUCCEEDED"));
        server.answers("GET /api/v1/jobs/" + OTHER, job(OTHER, "RUNNING"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String job(String id, String state) {
        return """
        {"id":"%s","namespace":"team","name":"report","state":"%s","finishedAt":%s,"labels":{"team":"blue"},\
        "command":["sh","-c"],"reason":null,"message":"two\\nlines","submittedAt":"2026-01-01T00:00:00Z"}\
        """
                .formatted(id, state, state.equals("RUNNING") ? null : "\"2026-01-01T00:00:09Z\"");
    }

    private static String done(int matched, int done) {
        return "{\"matched\":%d,\"done\":%d,\"notYet\":%d,\"more\":false}"
                .formatted(matched, done, matched - done);
    }

    @Test
    void shouldDeleteThoseThatAreNamedAndNoOthers() {
        server.answers("POST /api/v1/jobs:delete?id=" + ID, done(1, 1));
        StubServer.Result result = server.windlass("delete", "--yes", ID, ID);
        assertThat(result.out()).isEqualTo(ID + "  team/report  SUCCEEDED is deleted\n");
        assertThat(result.code()).isZero();
        assertThat(server.asked())
                .containsExactly("GET /api/v1/jobs/" + ID, "POST /api/v1/jobs:delete?id=" + ID);
    }

    @Test
    void shouldSayOfEachWhyItStays() {
        server.answers("POST /api/v1/jobs:delete?id=" + ID, done(1, 0));
        server.answers("POST /api/v1/jobs:delete?id=" + OTHER, done(0, 0));
        StubServer.Result result = server.windlass("delete", "-y", ID, OTHER);
        assertThat(result.err())
                .contains(
                        ID + "  team/report  SUCCEEDED stays: its Kubernetes Job is still there",
                        OTHER + "  team/report  RUNNING has not ended: windlass cancel " + OTHER);
        assertThat(result.out()).isEmpty();
        assertThat(result.code()).isEqualTo(1);
    }

    @Test
    void shouldDeleteNothingOnADryRunOrUnasked() {
        server.answers("POST /api/v1/jobs:delete?id=" + ID + "&dryRun=true", done(1, 0));
        StubServer.Result result = server.windlass("delete", "--dry-run", ID);
        assertThat(result.out()).isEqualTo(ID + "  team/report  SUCCEEDED would be deleted\n");
        assertThat(result.code()).isZero();
        StubServer.Result unasked = server.windlass("delete", ID);
        assertThat(unasked.err()).contains("there is no terminal to ask on: say --yes");
        assertThat(unasked.code()).isEqualTo(2);
        assertThat(server.asked()).noneMatch(call -> call.endsWith("delete?id=" + ID));
    }

    @Test
    void shouldRunAJobAgainUnderAKey() {
        server.answers("POST /api/v1/jobs/" + ID + "/rerun", job(OTHER, "QUEUED"));
        StubServer.Result result =
                server.windlass("rerun", ID, "--idempotency-key", "k", "-o", "name");
        assertThat(result.out()).isEqualTo(OTHER + "\n");
        assertThat(result.code()).isZero();
    }

    @Test
    void shouldListPodsWithTheirLogs() throws Exception {
        server.answers(
                "GET /api/v1/jobs/" + ID + "/pods",
                """
                {"items":[{"name":"report-1-x","attempt":1,"phase":"Failed","exitCode":3,"reason":"Error","node":"n1",
                "startedAt":null,"uid":"u","message":"m","containers":[
                {"name":"main","log":{"bytes":22,"complete":true}},{"name":"side","log":{"bytes":7,"complete":false}},
                {"name":"new","log":null}]},{"name":"report-2-x","phase":"Pending","waitsFor":"IMAGE_PULL"}]}\
                """);
        assertThat(server.windlass("pods", ID).out())
                .contains("POD", "report-1-x", "main 22 bytes, side 7 bytes so far", "IMAGE_PULL");
        assertThat(server.windlass("pods", ID, "-o", "wide").out()).contains("UID", "CAUSE");
        assertThat(server.windlass("pods", ID, "-o", "name").out())
                .isEqualTo("report-1-x\nreport-2-x\n");
    }

    @Test
    void shouldDescribeAJobWithItsPodsAndTheLatestOfItsHistory() throws Exception {
        server.answers(
                "GET /api/v1/jobs/" + ID + "/pods", "{\"items\":[{\"name\":\"report-1-x\"}]}");
        String event =
                "{\"at\":\"2026-01-01T00:00:0%1$dZ\",\"to\":\"RUNNING\",\"reason\":\"R%1$d\"}";
        server.answers(
                "GET /api/v1/jobs/" + ID + "/events",
                "{\"items\":[%s,%s],\"next\":\"a/b\"}"
                        .formatted(event.formatted(1), event.formatted(2)));
        server.answers(
                "GET /api/v1/jobs/" + ID + "/events?cursor=a%2Fb",
                "{\"items\":[%s],\"next\":null}".formatted(event.formatted(3)));
        String told = server.windlass("describe", ID, "--events", "2").out();
        assertThat(told)
                .contains("id: " + ID, "state: SUCCEEDED", "labels:\n  team: blue")
                .contains("command:\n  - sh\n  - -c", "message: two\n  lines")
                .contains("pods:", "report-1-x", "events:", "R2", "R3")
                .doesNotContain("R1", "null", "reason:");
        Map<String, ?> tree =
                Json.asObject(Json.parse(server.windlass("describe", ID, "-o", "json").out()));
        assertThat(tree).containsOnlyKeys("job", "pods", "events");
        assertThat(server.windlass("describe", ID, "-o", "name").out()).isEqualTo(ID + "\n");
    }
}
