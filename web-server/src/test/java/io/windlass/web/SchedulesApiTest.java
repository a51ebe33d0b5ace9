package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Decider;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.Rules;
import io.windlass.json.Json;
import io.windlass.messages.Installation;
import io.windlass.schedule.ScheduleReader;
import io.windlass.store.Clerk;
import io.windlass.store.Jobs;
import io.windlass.store.Ledger;
import io.windlass.store.Progressions;
import java.lang.reflect.RecordComponent;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Schedules over HTTP, on a real database; the test itself does what a schedules-processor does.
 */
class SchedulesApiTest {
    private static final String SCHEDULES = "/api/v1/schedules";
    private static WebServer web;

    @BeforeAll
    static void start() {
        web = new WebServer();
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    private static String schedule(String name, String... fields) {
        String more = Arrays.stream(fields).map(f -> "," + f).collect(Collectors.joining());
        return "{\"name\":\""
                + name
                + "\",\"job\":{\"image\":\"busybox:1.36\",\"env\":[{\"name\":\"REGION\",\"value\":\"eu\"}]}"
                + more
                + "}";
    }

    private static WebServer.Answer create(String name, String... fields) throws Exception {
        WebServer.Answer answer = web.post(SCHEDULES, schedule(name, fields));
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
        return answer;
    }

    private static WebServer.Answer put(String path, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                web.request(SCHEDULES + path)
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(body));
        return web.send(headers.length == 0 ? request : request.headers(headers));
    }

    private static WebServer.Answer act(String name, String action) throws Exception {
        return web.post(SCHEDULES + "/default/" + name + "/" + action, "");
    }

    private static List<Map<String, Object>> items(WebServer.Answer answer) {
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
        return ((List<?>) answer.body().get("items")).stream().map(Json::asObject).toList();
    }

    private static List<Map<String, Object>> runs(String name) throws Exception {
        return items(web.get(SCHEDULES + "/default/" + name + "/runs"));
    }

    private static Set<String> components(Class<?> document) {
        return Arrays.stream(document.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toSet());
    }

    private static void account() {
        web.bean(Ledger.class).account(1_000, web.bean(Clerk.class).withRoomFor(1_000));
    }

    @Test
    void shouldMakeReadReplaceAndDelete() throws Exception {
        WebServer.Answer made = create("whole", "\"cron\":\"30 2 * * *\"");
        assertThat(made.raw().headers().firstValue("Location"))
                .contains("/api/v1/schedules/default/whole");
        assertThat(made.body())
                .containsEntry("timeZone", "UTC")
                .containsEntry("catchUp", "latest")
                .containsEntry("concurrency", "Allow")
                .containsEntry("paused", false);
        assertThat(web.post(SCHEDULES, schedule("whole", "\"every\":\"1h\"")).status())
                .isEqualTo(409);
        WebServer.Answer read = web.get(SCHEDULES + "/default/whole");
        assertThat(read.body()).isEqualTo(made.body());
        String etag = read.raw().headers().firstValue("ETag").orElseThrow();
        WebServer.Answer replaced =
                put("/default/whole", schedule("whole", "\"every\":\"1h\""), "If-Match", etag);
        assertThat(replaced.status()).isEqualTo(200);
        assertThat(replaced.body()).containsEntry("every", "1h").containsEntry("cron", null);
        assertThat(
                        put(
                                        "/default/whole",
                                        schedule("whole", "\"every\":\"2h\""),
                                        "If-Match",
                                        etag)
                                .status())
                .as("changed since")
                .isEqualTo(412);
        HttpRequest.Builder delete = web.request(SCHEDULES + "/default/whole").DELETE();
        assertThat(web.send(delete).status()).isEqualTo(204);
        assertThat(web.get(SCHEDULES + "/default/whole").status()).isEqualTo(404);
    }

    @Test
    void shouldTakeAllFieldsAsTheDocumentsHaveThem() throws Exception {
        String all =
                """
                { "name": "documented", "namespace": "default", "cron": "30 2 * * *", "every": null, "timeZone": "Europe/Berlin",
                  "paused": false, "concurrency": "Forbid", "startingDeadline": "10m", "catchUp": "latest", "jitter": "0s",
                  "startAt": null, "endAt": null, "keep": {"succeeded": 3, "failed": 10, "age": "30d"}, "labels": {},
                  "job": { "image": "busybox:1.36", "command": ["true"] } }
                """;
        Map<String, Object> answer = web.post(SCHEDULES, all).body();
        Map<String, Object> asked = Json.object(all);
        Object job = asked.remove("job");
        assertThat(answer).containsAllEntriesOf(asked);
        assertThat(Json.asObject(answer.get("job"))).containsAllEntriesOf(Json.asObject(job));
        Map<String, Object> back = new HashMap<>(answer);
        back.keySet().retainAll(ScheduleReader.FIELDS);
        assertThat(put("/default/documented", Json.write(back)).status())
                .as("what was read can be sent")
                .isEqualTo(200);
    }

    @Test
    void shouldRefuseWhatIsNoSchedule() throws Exception {
        assertThat(put("/default/none", schedule("none")).status())
                .as("neither cron nor every")
                .isEqualTo(422);
        assertThat(put("/default/none", schedule("other", "\"every\":\"1h\"")).status())
                .as("another name than that of the path")
                .isEqualTo(422);
        for (String wrong :
                List.of(
                        "\"cron\":\"0 0 30 2 *\"",
                        "\"cron\":\"* * * *\"",
                        "\"every\":\"1h\",\"timeZone\":\"Mars/Olympus\"",
                        "\"every\":\"1h\",\"cluster\":\"x\"",
                        "\"every\":\"1h\",\"catchUp\":{\"all\":0}")) {
            assertThat(web.post(SCHEDULES, schedule("none", wrong)).status())
                    .as(wrong)
                    .isEqualTo(422);
        }
        String hostile =
                "{\"name\":\"none\",\"every\":\"1h\",\"job\":{\"podSpec\":{\"hostNetwork\":true,\"containers\":[{\"name\":\"a\",\"image\":\"a\"}]}}}";
        assertThat(web.post(SCHEDULES, hostile).body().get("errors").toString())
                .contains("/job/podSpec/hostNetwork");
        assertThat(
                        web.post(
                                        SCHEDULES,
                                        schedule(
                                                "none",
                                                "\"every\":\"1h\"",
                                                "\"namespace\":\"not-yours\""))
                                .status())
                .isEqualTo(403);
        assertThat(web.get(SCHEDULES + "/not-yours/none").status()).isEqualTo(404);
        assertThat(
                        put("/default/made-by-put", schedule("made-by-put", "\"every\":\"1h\""))
                                .status())
                .isEqualTo(201);
    }

    @Test
    void shouldListByPageLabelAndSetWithoutValues() throws Exception {
        for (String name : List.of("c", "a", "b")) {
            create("listed-" + name, "\"every\":\"1h\"", "\"labels\":{\"kind\":\"listed\"}");
        }
        WebServer.Answer first = web.get(SCHEDULES + "?label=kind:listed&limit=2");
        assertThat(items(first)).map(s -> s.get("name")).containsExactly("listed-a", "listed-b");
        WebServer.Answer rest =
                web.get(
                        SCHEDULES
                                + "?label=kind:listed&limit=2&cursor="
                                + first.body().get("next"));
        assertThat(items(rest)).map(s -> s.get("name")).containsExactly("listed-c");
        assertThat(rest.body().get("next")).isNull();
        assertThat(first.raw().body()).contains("REGION").doesNotContain("\"value\"");
        assertThat(items(web.get(SCHEDULES + "?set=none"))).isEmpty();
        assertThat(web.get(SCHEDULES + "?cursor=x").status()).isEqualTo(400);
    }

    @Test
    @Tag("slow")
    void shouldAccountForWhatCameBeforeAndWhileItWasPaused() throws Exception {
        create("held", "\"every\":\"1s\"", "\"catchUp\":{\"all\":100}");
        untilDue("held", 2);
        assertThat(act("held", "pause").body()).containsEntry("paused", true);
        int before = runs("held").size();
        assertThat(runs("held"))
                .as("what had come before is not lost with the pause")
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(run -> run.get("verdict").equals("SUBMITTED"));
        untilDue("held", 2);
        assertThat(act("held", "resume").body()).containsEntry("paused", false);
        List<Map<String, Object>> runs = runs("held");
        assertThat(runs).hasSize(before + 1);
        assertThat(runs.getFirst())
                .containsEntry("verdict", "SKIPPED")
                .containsEntry("reason", "PAUSED");
        assertThat(Integer.parseInt(runs.getFirst().get("instants").toString()))
                .isGreaterThanOrEqualTo(2);
        act("held", "pause");
        assertThat(act("held", "pause").body())
                .as("nothing changes")
                .containsEntry(
                        "version", web.get(SCHEDULES + "/default/held").body().get("version"));
        assertThat(put("/default/held", schedule("held", "\"every\":\"1h\"")).body())
                .as("a body that does not say so leaves the pause")
                .containsEntry("paused", true);
    }

    private static void untilDue(String name, int instants) throws Exception {
        List<Map<String, Object>> planned =
                items(web.get(SCHEDULES + "/default/" + name + "/preview?next=" + instants));
        Instant last = Instant.parse(planned.getLast().get("dueAt").toString());
        Awaitility.await(name).until(() -> Instant.now().isAfter(last));
    }

    @Test
    void shouldRunNowWithWhatIsWantedOtherwise() throws Exception {
        WebServer.Answer made = create("now", "\"every\":\"1h\"", "\"paused\":true");
        String body =
                "{\"job\":{\"command\":[\"true\"],\"env\":[{\"name\":\"REGION\",\"value\":\"us\"},{\"name\":\"DAY\",\"value\":\"1\"}]}}";
        String run = SCHEDULES + "/default/now/run";
        WebServer.Answer job = web.post(run, body, "Idempotency-Key", "k");
        assertThat(job.status()).isEqualTo(202);
        assertThat(job.body())
                .containsEntry("scheduleId", made.body().get("id"))
                .containsEntry("command", List.of("true"))
                .containsEntry("plannedAt", null);
        assertThat(job.body().get("env").toString()).contains("us", "DAY").doesNotContain("eu");
        assertThat(put("/default/now", schedule("now", "\"every\":\"2h\"")).status())
                .isEqualTo(200);
        WebServer.Answer again = web.post(run, body, "Idempotency-Key", "k");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().get("id")).isEqualTo(job.body().get("id"));
        assertThat(web.post(run, "{}", "Idempotency-Key", "k").status()).isEqualTo(409);
        assertThat(web.post(run, "").status()).isEqualTo(202);
        assertThat(items(web.get("/api/v1/jobs?schedule=default/now"))).hasSize(2);
        assertThat(items(web.get("/api/v1/jobs?schedule=default/nobody"))).isEmpty();
        assertThat(web.post(run, "{\"job\":{\"image\":\"a b\"}}").body().get("errors").toString())
                .contains("/job/image");
        assertThat(web.post(run, "{\"job\":{\"namespace\":\"team-a\"}}").status()).isEqualTo(422);
        assertThat(web.post(run, "{\"jobs\":{}}").status()).isEqualTo(422);
    }

    @Test
    void shouldPreviewInUtcAndLocalTimeAndSayWhatTheClocksDo() throws Exception {
        create("berlin", "\"cron\":\"30 2 * * *\"", "\"timeZone\":\"Europe/Berlin\"");
        List<Map<String, Object>> days =
                items(web.get(SCHEDULES + "/default/berlin/preview?next=1000"));
        assertThat(days)
                .hasSize(1_000)
                .allMatch(day -> day.keySet().equals(components(ScheduleDocument.Planned.class)));
        assertThat(days)
                .map(day -> String.valueOf(day.get("note")))
                .anyMatch(note -> note.contains("does not exist"))
                .anyMatch(note -> note.contains("comes twice"));
        assertThat(days.stream().filter(day -> day.get("note") == null).limit(200))
                .allMatch(day -> day.get("local").toString().endsWith("T02:30"));
        assertThat(items(web.get(SCHEDULES + "/default/berlin/preview"))).hasSize(10);
        assertThat(web.get(SCHEDULES + "/default/berlin/preview?next=0").status()).isEqualTo(400);
    }

    @Test
    void shouldTellOfAScheduleThatFails() throws Exception {
        WebServer.Answer made = create("failing", "\"every\":\"1h\"");
        for (int i = 0; i < 3; i++) {
            fail(act("failing", "run").body().get("id").toString());
        }
        Map<String, Object> problem =
                items(web.get("/api/v1/problems")).stream()
                        .filter(p -> "schedule default/failing".equals(p.get("object")))
                        .findFirst()
                        .orElseThrow();
        assertThat(problem)
                .containsEntry("class", "SCHEDULE_FAILING")
                .containsEntry("link", "/api/v1/schedules/default/failing/runs");
        assertThat(problem.get("cause").toString()).contains("3 runs in a row", "SPEC_INVALID");
        assertThat(components(CauseController.CauseDocument.class))
                .hasSize(problem.size())
                .contains("jobs", "schedules", "object");
        Map<String, Object> health =
                Json.asObject(web.get(SCHEDULES + "/default/failing").body().get("health"));
        assertThat(health.get("troubles")).isEqualTo(List.of("FAILING"));
        assertThat(health.keySet()).isEqualTo(components(ScheduleDocument.Health.class));
        assertThat(made.body().keySet()).isEqualTo(components(ScheduleDocument.class));
    }

    private static void fail(String id) {
        JobId job = new JobId(UUID.fromString(id));
        step(job, new Input.Admitted());
        step(job, new Input.CreateRefused(Input.Refusal.SPEC_INVALID, "no"));
        assertThat(web.bean(Jobs.class).find(job).orElseThrow().progress().state().terminal())
                .isTrue();
    }

    private static void step(JobId id, Input input) {
        Progressions progressions = web.bean(Progressions.class);
        Job job = progressions.load(id).orElseThrow();
        Decider decider = new Decider(Rules.DEFAULT, web.bean(Installation.class).id());
        assertThat(
                        progressions.write(
                                new Progressions.Step(
                                        job, decider.decide(job, input, Instant.now()))))
                .isTrue();
    }

    @Test
    void shouldDescribeWhatItAnswersAndTakes() throws Exception {
        assertThat(components(ScheduleRequest.class)).isEqualTo(ScheduleReader.FIELDS);
        create("described", "\"every\":\"1s\"");
        untilDue("described", 1);
        account();
        assertThat(runs("described").getFirst().keySet())
                .isEqualTo(components(ScheduleDocument.Run.class));
    }
}
