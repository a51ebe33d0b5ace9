package io.windlass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a job is named. */
class JobLookupTest {
    private static final String ONE = "01a202bf-c96b-73a6-97d0-4eff2f4e44ed";
    private static final String TWO = "01a202bf-c96b-73a6-97d0-000000000000";

    @TempDir Path folder;

    private StubServer server;

    @BeforeEach
    void serve() throws IOException {
        server = new StubServer(folder);
        for (String id : List.of(ONE, TWO)) {
            server.answers("GET /api/v1/jobs/" + id, job(id));
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String job(String id) {
        return "{\"id\":\"%s\",\"namespace\":\"team\",\"name\":\"report\",\"state\":\"RUNNING\"}"
                .formatted(id);
    }

    private void ending(String text, String... ids) {
        server.answers("GET /api/v1/jobs?limit=20&ending=" + text, page(ids));
    }

    private void name(String query, String... ids) {
        server.answers("GET /api/v1/jobs?limit=1&" + query, page(ids));
    }

    private static String page(String... ids) {
        return "{\"items\":[%s],\"next\":null}"
                .formatted(
                        String.join(",", List.of(ids).stream().map(JobLookupTest::job).toList()));
    }

    private StubServer.Result get(String text) {
        return server.windlass("get", text, "-o", "name");
    }

    @Test
    void shouldAskForAnIdAtOnceHoweverItIsWritten() {
        assertThat(get(ONE.toUpperCase(Locale.ROOT)).out()).isEqualTo(ONE + "\n");
        assertThat(server.asked()).containsExactly("GET /api/v1/jobs/" + ONE);
    }

    @Test
    void shouldFindAJobByTheEndOfItsId() {
        for (String text : List.of("2f4e44ed", "4eff2f4e44ed", "d0-4eff2f4e44ed")) {
            ending(text, ONE);
            name("name=" + text);
            assertThat(get(text).out()).as(text).isEqualTo(ONE + "\n");
        }
        ending("2f4e44ed", ONE);
        assertThat(get("2F4E44ED").err()).as("no such name was set up").isNotEmpty();
    }

    @Test
    void shouldFindTheNewestOfAName() {
        name("name=report", TWO);
        name("namespace=team&name=report", ONE);
        assertThat(get("report").out()).isEqualTo(TWO + "\n");
        assertThat(get("team/report").out()).isEqualTo(ONE + "\n");
        name("name=a+b%3F", ONE);
        assertThat(get("a b?").out()).isEqualTo(ONE + "\n");
        assertThat(server.asked()).noneMatch(call -> call.contains("ending"));
    }

    @Test
    void shouldTellTheCandidatesWhereSeveralFit() {
        ending("feedbeef", ONE, TWO);
        name("name=feedbeef");
        StubServer.Result result = get("feedbeef");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo(
                        """
                        several jobs fit 'feedbeef': give the id of one
                          %s  team/report  RUNNING  null
                          %s  team/report  RUNNING  null
                        """
                                .formatted(ONE, TWO));
        ending("feedbeef", ONE);
        name("name=feedbeef", TWO);
        assertThat(get("feedbeef").err()).as("an ending and a name").contains(ONE, TWO);
        name("name=feedbeef", ONE);
        assertThat(get("feedbeef").out()).as("the same job twice").isEqualTo(ONE + "\n");
    }

    @Test
    void shouldSayWhatNamesAJobWhereNoneIsFound() {
        name("name=nobody");
        assertThat(get("nobody").err())
                .contains("there is no job 'nobody': give its id, the last 8");
        assertThat(get("nobody").code()).isEqualTo(1);
        ending("00000000");
        name("name=00000000");
        assertThat(get("00000000").err()).contains("newest 20,000");
        for (String text : List.of("a/b/c", "", " ")) {
            assertThat(get(text).code()).as("'%s'", text).isEqualTo(2);
        }
    }

    @Test
    void shouldBeTheSameForEveryCommand() {
        name("name=report", ONE);
        server.answers("GET /api/v1/jobs/" + ONE + "/pods", "{\"items\":[]}");
        server.answers("GET /api/v1/jobs/" + ONE + "/events", "{\"items\":[],\"next\":null}");
        server.answers("POST /api/v1/jobs/" + ONE + "/cancel", job(ONE));
        server.answers("POST /api/v1/jobs/" + ONE + "/rerun", job(TWO));
        server.answers("POST /api/v1/jobs:delete?id=" + ONE + "&dryRun=true", "{\"matched\":1}");
        for (String verb : List.of("get", "describe", "pods", "events", "cancel", "rerun")) {
            assertThat(server.windlass(verb, "report").code()).as(verb).isZero();
        }
        assertThat(server.windlass("delete", "report", "--dry-run").code()).isZero();
    }

    @Test
    void shouldShowInAListWhatNamesAJob() {
        server.answers("GET /api/v1/jobs?limit=50", page(ONE));
        assertThat(server.windlass("list").out())
                .contains("2f4e44ed  team/report")
                .doesNotContain(ONE);
        assertThat(server.windlass("list", "-o", "wide").out()).contains(ONE);
        assertThat(server.windlass("list", "-o", "name").out()).isEqualTo(ONE + "\n");
    }
}
