package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.json.Json;
import io.windlass.store.Database;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Jobs by their ids, and by the ends of them. */
class JobEndingsApiTest {
    private static WebServer web;

    @BeforeAll
    static void start() {
        web = new WebServer();
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    private static String submit(String namespace) throws Exception {
        return web.post(
                        "/api/v1/jobs",
                        "{\"name\":\"one\",\"namespace\":\"%s\",\"image\":\"busybox:1.36\"}"
                                .formatted(namespace))
                .body()
                .get("id")
                .toString();
    }

    private static List<String> ids(String query) throws Exception {
        WebServer.Answer answer = web.get("/api/v1/jobs?" + query);
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
        return ((List<?>) answer.body().get("items"))
                .stream().map(item -> Json.asObject(item).get("id").toString()).toList();
    }

    @Test
    void shouldFindJobsByTheirIdsAndByTheEndsOfThem() throws Exception {
        String one = submit("default");
        String other = submit("team-a");
        assertThat(ids("id=" + one + "&id=" + other)).containsExactly(other, one);
        assertThat(ids("id=" + one + "&namespace=team-a")).isEmpty();
        for (int digits : List.of(8, 9, 12, 13, 17, 23, 36)) {
            assertThat(ids("ending=" + one.substring(36 - digits))).containsExactly(one);
        }
        String ending = one.substring(28);
        assertThat(ids("ending=" + ending.toUpperCase(Locale.ROOT))).containsExactly(one);
        assertThat(ids("namespace=team-a&ending=" + ending)).isEmpty();
        assertThat(ids("namespace=default&state=QUEUED&ending=" + ending)).containsExactly(one);
        assertThat(ids("state=FAILED&ending=" + ending)).isEmpty();
        assertThat(ids("ending=00000000")).isEmpty();
    }

    @Test
    void shouldRefuseWhatCannotEndAnId() throws Exception {
        for (String ending :
                List.of(
                        "",
                        "1234567",
                        "1234567g",
                        "%25%25%25%25%25%25%25%25",
                        "1-23456789",
                        "1-2345678",
                        "a".repeat(37))) {
            assertThat(web.get("/api/v1/jobs?ending=" + ending).status()).as(ending).isEqualTo(400);
        }
        assertThat(web.get("/api/v1/jobs?ending=12345678&ending=12345678").status()).isEqualTo(400);
        assertThat(
                        web.get(
                                        "/api/v1/jobs?ending=12345678&id=01a202bf-c96b-73a6-97d0-4eff2f4e44ed")
                                .status())
                .isEqualTo(400);
        assertThat(web.get("/api/v1/jobs?id=12345678").status()).isEqualTo(400);
    }

    @Test
    void shouldNotFindWhatTheCallerMayNotSee() throws Exception {
        String hidden = submit("default");
        web.bean(Database.class)
                .inTransaction(handle ->
                        handle.createUpdate("update job set namespace = 'hidden' where id = :id")
                                .bind("id", UUID.fromString(hidden))
                                .execute());
        assertThat(ids("ending=" + hidden.substring(28))).isEmpty();
        assertThat(ids("id=" + hidden)).isEmpty();
        assertThat(ids("namespace=hidden&ending=" + hidden.substring(28))).isEmpty();
    }
}
