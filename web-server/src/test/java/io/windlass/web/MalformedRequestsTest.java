package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong gets exactly the answer that the contract gives it. */
class MalformedRequestsTest {
    private static WebServer web;

    @BeforeAll
    static void start() {
        web = new WebServer();
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    @ParameterizedTest(name = "{0} -> {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {                                                            | 400 | malformed |
                    {"name":"a","image":"b"} x                                   | 400 | malformed |
                    {"name":"a","name":"b","image":"b"}                          | 400 | malformed |
                    {'name':'a'}                                                 | 400 | malformed |
                    []                                                           | 422 | invalid   |
                    "text"                                                       | 422 | invalid   |
                    null                                                         | 422 | invalid   |
                    {}                                                           | 422 | invalid   | /name
                    {"name":"a"}                                                 | 422 | invalid   | /image
                    {"name":"A_b","image":"b"}                                   | 422 | invalid   | /name
                    {"name":"a","image":"UPPER CASE"}                            | 422 | invalid   | /image
                    {"name":"a","image":"b:"}                                    | 422 | invalid   | /image
                    {"name":"a","image":"b","nmae":1}                            | 422 | invalid   | /nmae
                    {"name":7,"image":"b"}                                       | 422 | invalid   | /name
                    {"name":"a","image":"b","command":"echo"}                    | 422 | invalid   | /command
                    {"name":"a","image":"b","command":["echo",1]}                | 422 | invalid   | /command/1
                    {"name":"a","image":"b","maxRetries":-1}                     | 422 | invalid   | /maxRetries
                    {"name":"a","image":"b","maxRetries":1.5}                    | 422 | invalid   | /maxRetries
                    {"name":"a","image":"b","timeout":"soon"}                    | 422 | invalid   | /timeout
                    {"name":"a","image":"b","timeout":"0s"}                      | 422 | invalid   | /timeout
                    {"name":"a","image":"b","env":{"A":"b"}}                     | 422 | invalid   | /env
                    {"name":"a","image":"b","env":[{"name":"1="}]}               | 422 | invalid   | /env/0/name
                    {"name":"a","image":"b","env":[{"name":"A","secretRef":{}}]} | 422 | invalid   | /env/0/secretRef/name
                    {"name":"a","image":"b","labels":{"a/b/c":"d"}}              | 422 | invalid   | /labels/a~1b~1c
                    {"name":"a","image":"b","labels":{"a":"?"}}                  | 422 | invalid   | /labels/a
                    {"name":"a","image":"b","resources":{"cpu":"lots"}}          | 422 | invalid   | /resources/cpu
                    {"name":"a","image":"b","parallelism":0}                     | 422 | invalid   | /parallelism
                    {"name":"a","image":"b","completionMode":"Some"}             | 422 | invalid   | /completionMode
                    {"name":"a","image":"b","podSpec":{}}                        | 422 | invalid   | /image
                    {"name":"a","podSpec":{"containers":[]}}                     | 422 | invalid   | /podSpec/containers
                    {"name":"a","podSpec":{"conatiners":[]}}                     | 422 | invalid   | /podSpec/conatiners
                    {"name":"a","image":"b","cluster":"any"}                     | 422 | invalid   | /cluster
                    {"name":"a","image":"b","cluster":"mars"}                    | 422 | invalid   | /cluster
                    {"name":"a","image":"b","namespace":"kube-system"}           | 403 | forbidden |
                    """)
    void shouldRefuseABadJob(String body, int status, String problem, String pointer)
            throws Exception {
        WebServer.Answer answer = web.post("/api/v1/jobs", body);
        expect(answer, status, problem);
        if (pointer != null) {
            assertThat(((List<?>) answer.body().get("errors")).toString())
                    .contains("pointer=" + pointer);
        }
    }

    @ParameterizedTest(name = "GET {0} -> {1} {2}")
    @CsvSource({
        "/api/v1/jobs?limit=many, 400, malformed",
        "/api/v1/jobs?limit=501, 400, malformed",
        "/api/v1/jobs?state=DONE, 400, malformed",
        "/api/v1/jobs?label=novalue, 400, malformed",
        "/api/v1/jobs?since=yesterday, 400, malformed",
        "/api/v1/jobs?cursor=!!, 400, malformed",
        "/api/v1/jobs?colour=red, 400, malformed",
        "/api/v1/jobs?name=%00, 400, malformed",
        "/api/v1/jobs?since=%2B300000-01-01T00:00:00Z, 400, malformed",
        "/api/v1/jobs?until=-300000-01-01T00:00:00Z, 400, malformed",
        "/api/v1/jobs?cursor=OTIyMzM3MjAzNjg1NDc3NTgwNy45OTk5OTk5OTk5Ljg2NjA3YmVlLWQxYjQtNDE0Zi04YTk2LTcwMTM5N2Y1ODc3OQ, 400, malformed",
        "/api/v1/jobs?cursor=OTk5OTk5OTk5OTk5OTkuMC44NjYwN2JlZS1kMWI0LTQxNGYtOGE5Ni03MDEzOTdmNTg3Nzk, 400, malformed",
        "/api/v1/schedules?cursor=AC8A, 400, malformed",
        "/api/v1/schedules/default/%00, 404, schedule-not-found",
        "/api/v1/jobs/not-an-id, 404, job-not-found",
        "/api/v1/jobs/01a1fc33-67c6-7ed5-b209-32711367a265, 404, job-not-found",
        "/api/v1/jobs/01a1fc33-67c6-7ed5-b209-32711367a265?wait=1h, 400, malformed",
        "/api/v1/events?after=!!, 400, malformed",
        "/api/v1/events?after=OTk5OS5hYmM, 410, cursor-expired",
        "/api/v1/nothing, 404, not-found",
    })
    void shouldRefuseABadQuestion(String path, int status, String problem) throws Exception {
        expect(web.get(path), status, problem);
    }

    @Test
    void shouldAnswerMethodsTypesAndSizesAsHttpHasThem() throws Exception {
        expect(web.send(web.request("/api/v1/jobs").PUT(body("{}"))), 405, "method-not-allowed");
        expect(
                web.send(
                        web.request("/api/v1/jobs")
                                .header("Content-Type", "text/plain")
                                .POST(body("a"))),
                415,
                "unsupported-media-type");
        expect(
                web.send(web.request("/api/v1/jobs").header("Accept", "text/csv").GET()),
                406,
                "not-acceptable");
        expect(web.post("/api/v1/jobs", ""), 400, "malformed");
        String large =
                "{\"name\":\"a\",\"image\":\"b\",\"args\":[\"" + "x".repeat(300_000) + "\"]}";
        expect(web.post("/api/v1/jobs", large), 413, "too-large");
        expect(web.post("/api/v1/jobs", "\"" + "x".repeat(18_000_000) + "\""), 413, "too-large");
        expect(
                web.post(
                        "/api/v1/jobs",
                        "{\"name\":\"a\",\"image\":\"b\"}",
                        "Idempotency-Key",
                        "k".repeat(256)),
                400,
                "malformed");
        expect(
                web.post("/api/v1/jobs?dryRun=maybe", "{\"name\":\"a\",\"image\":\"b\"}"),
                400,
                "malformed");
    }

    @Test
    void shouldAskForATokenBeforeItSaysAnything() throws Exception {
        for (String authorization : List.of("Bearer wrong", "Basic YTpi", "Bearer")) {
            WebServer.Answer answer =
                    web.send(
                            HttpRequest.newBuilder(web.request("/api/v1/jobs").build().uri())
                                    .header("Authorization", authorization));
            expect(answer, 401, "unauthorized");
            assertThat(answer.raw().headers().firstValue("WWW-Authenticate")).isPresent();
        }
        expect(
                web.send(HttpRequest.newBuilder(web.request("/api/v1/nothing").build().uri())),
                401,
                "unauthorized");
    }

    @Test
    void shouldRefuseBatchesThatAreNoneOrTooLarge() throws Exception {
        expect(web.post("/api/v1/jobs:batch", "{}"), 400, "malformed");
        String job = "{\"name\":\"a\",\"image\":\"b\"}";
        WebServer.Answer tooMany =
                web.post("/api/v1/jobs:batch", "[" + (job + ",").repeat(20) + job + "]");
        expect(tooMany, 413, "too-large");
        assertThat(tooMany.body().get("detail").toString()).contains("NDJSON");
    }

    private static HttpRequest.BodyPublisher body(String text) {
        return HttpRequest.BodyPublishers.ofString(text);
    }

    private static void expect(WebServer.Answer answer, int status, String problem) {
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(status);
        assertThat(answer.raw().headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        assertThat(answer.body())
                .containsEntry("type", "https://windlass.io/problems/" + problem)
                .containsKeys("title", "detail");
        assertThat(answer.body().get("status")).hasToString(Integer.toString(status));
        assertThat(answer.body().get("detail").toString())
                .doesNotContain("com.fasterxml", "Exception");
    }
}
