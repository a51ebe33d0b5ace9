package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.json.Json;
import io.windlass.store.Clerk;
import io.windlass.store.Ledger;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one sends hurts nobody else: after each of these all lists work, and a neighbour's jobs. */
class BadInputTest {
    private static final String JOB = "{\"name\":\"a\",\"image\":\"b:1\"}";
    private static WebServer web;

    @BeforeAll
    static void start() throws Exception {
        web = new WebServer();
        String neighbour =
                "{\"name\":\"neighbour\",\"every\":\"1s\",\"catchUp\":{\"all\":100},\"job\":{\"image\":\"b:1\"}}";
        assertThat(web.post("/api/v1/schedules", neighbour).status()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    @AfterEach
    void shouldLeaveTheOthersAsTheyWere() throws Exception {
        for (String path : List.of("jobs?limit=500", "schedules?limit=500", "events", "problems")) {
            assertThat(web.get("/api/v1/" + path).status()).as(path).isEqualTo(200);
        }
        WebServer.Answer job = web.post("/api/v1/jobs", JOB);
        assertThat(job.status()).isEqualTo(202);
        assertThat(web.get("/api/v1/jobs/" + job.body().get("id")).status()).isEqualTo(200);
        Ledger.Round round =
                web.bean(Ledger.class).account(100, web.bean(Clerk.class).withRoomFor(1_000));
        assertThat(round.setAside()).isZero();
        String runs = "/api/v1/schedules/default/neighbour/runs";
        assertThat(web.get(runs).status()).isEqualTo(200);
    }

    private static void refused(WebServer.Answer answer, String pointer) {
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(422);
        assertThat((List<?>) answer.body().get("errors"))
                .hasSizeLessThanOrEqualTo(20)
                .extracting(error -> Json.asObject(error).get("pointer"))
                .contains(pointer);
    }

    private static String expanded(String text) {
        return text.replace("{1s}", "1s".repeat(2_000))
                .replace("{41}", "1" + "0".repeat(40))
                .replace("{101}", "1" + "0".repeat(100))
                .replace("{deep}", "[".repeat(70) + "]".repeat(70))
                .replace("{wide}", "[" + "0,".repeat(33_000) + "0]");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "containers":[{"name":"a","image":"b:1","ports":[{"containerPort":1e200}]}]      | /containers/0/ports/0/containerPort
                    "containers":[{"name":"a","image":"b:1","ports":[{"containerPort":1e-200}]}]     | /containers/0/ports/0/containerPort
                    "containers":[{"name":"a","image":"b:1","ports":[{"containerPort":1e131073}]}]   | /containers/0/ports/0/containerPort
                    "containers":[{"name":"a","image":"b:1","ports":[{"containerPort":1e99999999999}]}] | /containers/0/ports/0/containerPort
                    "containers":[{"name":"a","image":"b:1","ports":[{"containerPort":{41}}]}]       | /containers/0/ports/0/containerPort
                    "containers":[{"name":"a","image":"b:1","ports":[{"containerPort":{101}}]}]      | /containers/0/ports/0/containerPort
                    "podSpec":{"containers":[{"name":"a","image":"b"}],"x":{"y/z":[1e200]}}          | /podSpec/x/y~1z/0
                    "image":"b","tolerations":[{"tolerationSeconds":1e200}]                          | /tolerations/0/tolerationSeconds
                    "image":"b","env":[{"name":"A","value":"a\\u0000b"}]                             | /env/0/value
                    "image":"b","env":[{"name":"A","value":"\\ud83d"}]                               | /env/0/value
                    "image":"b","env":[{"name":"A","value":"\\uffff"}]                               | /env/0/value
                    "containers":[{"name":"a","image":"b:1","args":["\\ufffe"]}]                     | /containers/0/args/0
                    "containers":[{"name":"a","image":"b:1","env":[{"name":"A","value":"\\u0000"}]}] | /containers/0/env/0/value
                    "image":"b","labels":{"a\\u0000":"b"}                                            | /labels/a\ufffd
                    "image":"b","maxRetries":100e2147483647                                          | /maxRetries
                    "image":"b","maxRetries":1e30                                                    | /maxRetries
                    "image":"b","timeout":"{1s}"                                                     | /timeout
                    "containers":{deep}                                                              | /containers{zeros}
                    "containers":{wide}                                                              | /containers/32765
                    """)
    void shouldBeRefusedByItsPointerInAJobAndInASchedule(String fields, String pointer)
            throws Exception {
        String job = "{\"name\":\"x\"," + expanded(fields) + "}";
        refused(web.post("/api/v1/jobs", job), pointer.replace("{zeros}", "/0".repeat(63)));
        if (!fields.contains("{deep}") && !fields.contains("{wide}")) {
            String schedule = "{\"name\":\"x\",\"every\":\"1s\",\"job\":" + job + "}";
            refused(web.post("/api/v1/schedules", schedule), "/job" + pointer);
            refused(put("/api/v1/schedules/default/x", schedule), "/job" + pointer);
            String set = "{\"set\":\"s\",\"schedules\":[" + schedule + "]}";
            refused(web.post("/api/v1/schedules:apply", set), "/schedules/0/job" + pointer);
        }
    }

    private static WebServer.Answer put(String path, String body) throws Exception {
        return web.send(
                web.request(path)
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    @ParameterizedTest(name = "{0} -> {1} {2}")
    @CsvSource({
        "startAt, 2027-01-01T00:00:00.123456789Z, 2027-01-01T00:00:00.123Z",
        "startAt, 2020-01-01T00:00:00.000000001Z, 2020-01-01T00:00:00Z",
        "jitter, PT0.0001S, 0s",
        "startAt, +300000-01-01T00:00:00Z,",
        "startAt, -300000000-01-01T00:00:00Z,",
        "startAt, 1969-12-31T23:59:59Z,",
        "endAt, +10000-01-01T00:00:00Z,",
        "startAt, 9999-12-31T23:59:59Z, 9999-12-31T23:59:59Z",
    })
    void shouldKeepTimesInMillisecondsOfTheYearsThatRowsTake(
            String field, String value, String kept) throws Exception {
        String schedule =
                "{\"name\":\"odd\",\"every\":\"1m\",\"job\":{\"image\":\"b:1\"},\"%s\":\"%s\"}"
                        .formatted(field, value);
        WebServer.Answer answer = put("/api/v1/schedules/default/odd", schedule);
        if (kept == null) {
            refused(answer, "/" + field);
            return;
        }
        assertThat(answer.status()).as("%s", answer.body()).isIn(200, 201);
        WebServer.Answer read = web.get("/api/v1/schedules/default/odd");
        assertThat(read.body()).containsEntry(field, kept).isEqualTo(answer.body());
        shouldLeaveTheOthersAsTheyWere();
        assertThat(web.send(web.request("/api/v1/schedules/default/odd").DELETE()).status())
                .isEqualTo(204);
    }

    @Test
    void shouldTellOfAThousandErrorsTheFirstTwenty() throws Exception {
        StringBuilder job = new StringBuilder("{\"name\":\"x\",\"image\":\"b\"");
        for (int i = 0; i < 1_000; i++) {
            job.append(",\"unknown-").append(i).append("x".repeat(100)).append("\":1");
        }
        WebServer.Answer answer = web.post("/api/v1/jobs", job + "}");
        assertThat(answer.status()).isEqualTo(422);
        assertThat((List<?>) answer.body().get("errors")).hasSize(20);
        assertThat(answer.body().get("detail").toString()).endsWith("(and 999 more)");
        assertThat(answer.raw().body().length()).isLessThan(10_000);
        WebServer.Answer numbers =
                web.post("/api/v1/jobs", "{\"x\":[" + "1e200,".repeat(1_000) + "1]}");
        refused(numbers, "/x/19");
    }

    @Test
    void shouldNotMakeTreesOfAnArrayThatIsTooLong() throws Exception {
        WebServer.Answer answer =
                web.post("/api/v1/jobs:batch", "[" + "{},".repeat(5_000_000) + "{}]");
        assertThat(answer.status()).isEqualTo(413);
    }

    @Test
    void shouldFailTheBadItemsOfAnArrayOnly() throws Exception {
        String tooLong = "{\"name\":\"x\",\"image\":\"" + "x".repeat(300_000) + "\"}";
        String body =
                "[%s,{\"name\":[1e200,{\"b\":\"\\u0000\"}]},%s,%s]".formatted(JOB, tooLong, JOB);
        WebServer.Answer answer = web.post("/api/v1/jobs:batch", body);
        List<?> results = (List<?>) answer.body().get("results");
        assertThat(results)
                .extracting(r -> Json.asObject(r).get("status").toString())
                .containsExactly("202", "422", "413", "202");
        List<?> errors =
                (List<?>) Json.asObject(Json.asObject(results.get(1)).get("problem")).get("errors");
        assertThat(errors)
                .extracting(error -> Json.asObject(error).get("pointer"))
                .containsExactly("/name/0", "/name/1/b");
    }

    @Test
    void shouldNotFillTemplatesWithoutEnd() throws Exception {
        String set =
                """
                {"set":"s","templates":[{"name":"t","parameters":[{"name":"a"}],
                  "schedule":{"name":"x","every":"1h","job":{"image":"b","args":["%s"]}}}],
                 "instances":[{"template":"t","with":{"a":"%s"}}]}
                """
                        .formatted("${a}".repeat(500), "x".repeat(2_000_000));
        refused(web.post("/api/v1/schedules:apply", set), "/instances/0/with");
        refused(
                web.post("/api/v1/schedules:apply", set.replace("${a}".repeat(500), "${a}")),
                "/instances/0");
    }

    @Test
    void shouldNotUnpackBodies() throws Exception {
        HttpRequest.Builder packed =
                web.request("/api/v1/jobs")
                        .header("Content-Type", "application/json")
                        .header("Content-Encoding", "gzip")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(gzip(JOB)));
        assertThat(web.send(packed).status()).isEqualTo(415);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
            packed.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }
}
