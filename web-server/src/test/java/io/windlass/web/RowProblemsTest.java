package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Drift;
import io.windlass.job.JobId;
import io.windlass.json.Json;
import io.windlass.store.Database;
import io.windlass.store.Drifts;
import io.windlass.store.PostgresDrifts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What needs an operator is told beside what stops jobs. */
class RowProblemsTest {
    private static WebServer web;

    @BeforeAll
    static void start() {
        web = new WebServer();
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    private static void execute(String sql, Object... values) {
        web.bean(Database.class).inTransaction(handle -> handle.execute(sql, values));
    }

    private static Stream<Map<String, @Nullable Object>> problems(String parameters)
            throws Exception {
        WebServer.Answer answer = web.get("/api/v1/problems" + parameters);
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
        return ((List<?>) answer.body().get("items")).stream().map(Json::asObject);
    }

    private static Map<String, @Nullable Object> problem(String problem) throws Exception {
        return problems("?kind=rows")
                .filter(item -> problem.equals(item.get("class")))
                .findFirst()
                .orElseThrow();
    }

    private static UUID submit(String name) throws Exception {
        WebServer.Answer answer =
                web.post("/api/v1/jobs", "{\"name\":\"" + name + "\",\"image\":\"b:1\"}");
        return UUID.fromString(answer.body().get("id").toString());
    }

    @Test
    void shouldTellOfAJobThatRetentionCannotDelete() throws Exception {
        UUID id = submit("stuck");
        execute(
                """
                update job_state set forget_tries = 3, forget_since = clock_timestamp(),
                    forget_at = clock_timestamp() + interval '8 minutes', forget_error = 'no way' where job_id = ?
                """,
                id);
        Map<String, @Nullable Object> told = problem("JOB_SET_ASIDE");
        assertThat(told)
                .containsEntry("object", "job default/stuck")
                .containsEntry("namespace", "default")
                .containsEntry("link", "/api/v1/jobs/" + id);
        assertThat(told.get("cause").toString())
                .isEqualTo("3 tries in a row to delete it failed, the last with no way");
        assertThat(Instant.parse(told.get("since").toString())).isBefore(Instant.now());
        assertThat(problems("?namespace=other")).isEmpty();
        assertThat(problems("?kind=waiting&kind=schedules")).isEmpty();
        assertThat(web.get("/api/v1/problems?kind=other").status()).isEqualTo(400);
    }

    @Test
    void shouldTellOfALogThatCannotBeStored() throws Exception {
        UUID id = submit("writes");
        execute(
                """
                insert into log_pod (job_id, pod_uid, cluster, namespace, pod, nth, holder, address, lease_until)
                values (?, 'uid', 'local', 'default', 'a-pod', 1, gen_random_uuid(), 'http://one', clock_timestamp())
                """,
                id);
        execute(
                """
                insert into log (job_id, pod_uid, container, ordinal, init, set_aside_tries, set_aside_since,
                    set_aside_until, set_aside_error)
                values (?, 'uid', 'main', 0, false, 1, clock_timestamp(), clock_timestamp(), 'no room')
                """,
                id);
        assertThat(problem("LOG_SET_ASIDE"))
                .containsEntry("object", "log default/a-pod/main")
                .containsEntry("link", "/api/v1/jobs/" + id)
                .hasEntrySatisfying(
                        "cause", cause -> assertThat(cause.toString()).contains("no room"));
    }

    @Test
    void shouldTellOfAJobThatCannotBeRead() throws Exception {
        UUID id = submit("spoiled");
        execute("update job set spec = '{\"n\": 1e200}', spec_text = null where id = ?", id);
        assertThat(problem("JOB_UNREADABLE"))
                .containsEntry("object", "job default/spoiled")
                .hasEntrySatisfying(
                        "cause", cause -> assertThat(cause.toString()).contains("number"));
    }

    @Test
    void shouldTellOfAnIndexThatIsNotValid() throws Exception {
        execute(
                "update pg_index set indisvalid = false where indexrelid ="
                        + " 'job_state_look_wanted'::regclass");
        assertThat(problem("INDEX_INVALID"))
                .containsEntry("object", "index job_state_look_wanted")
                .containsEntry("namespace", null)
                .containsEntry("since", null);
        assertThat(problems("?namespace=default&kind=rows"))
                .extracting(item -> item.get("class"))
                .as("of no namespace")
                .doesNotContain("INDEX_INVALID");
    }

    @Test
    void shouldTellWhatStaysDifferentFromTheCluster() throws Exception {
        PostgresDrifts drifts = web.bean(PostgresDrifts.class);
        JobId id = new JobId(UUID.randomUUID());
        List<Drifts.Found> found =
                List.of(new Drifts.Found(Drift.UNKNOWN_JOB, id, "default", "left"));
        drifts.compared("local", found, Instant.now());
        execute("update status_drift set since = since - interval '10 minutes'");
        drifts.compared("local", found, Instant.now());
        assertThat(problem("DRIFT_UNKNOWN_JOB"))
                .containsEntry("object", "Job default/left")
                .containsEntry("cluster", "local");
    }
}
