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
import io.windlass.store.Ledger;
import io.windlass.store.Progressions;
import io.windlass.testing.TestSize;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Generated bodies through real HTTP. What is accepted can be read as it was sent, listed,
 * cancelled and deleted; what is refused gets a 4xx that names a field. A failure names the seed
 * and has the body.
 */
@Tag("slow")
class RandomBodiesTest {
    private static final int BODIES = TestSize.of(300, 2_000, 10_000);
    private static final int PORTION = 100;
    private static final String JOBS = "/api/v1/jobs";
    private static final String SCHEDULES = "/api/v1/schedules";

    /** Handed on to Kubernetes as they are. */
    private static final Set<String> AS_SENT =
            Set.of("containers", "podSpec", "tolerations", "labels", "command", "args", "env");

    private static WebServer web;

    @BeforeAll
    static void start() {
        web = new WebServer();
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    /** What came of one body. */
    private record Sent(long seed, String body, WebServer.Answer answer) {
        String told() {
            return "seed " + seed + ", " + answer.status() + " " + answer.body() + " to " + body;
        }

        boolean accepted() {
            return answer.status() < 300;
        }

        String id() {
            return String.valueOf(answer.body().get("id"));
        }

        void isRefusedByAPointer() {
            assertThat(answer.status()).as(told()).isBetween(400, 499);
            assertThat(answer.body().get("errors")).as(told()).isInstanceOf(List.class);
            assertThat((List<?>) answer.body().get("errors"))
                    .as(told())
                    .isNotEmpty()
                    .hasSizeLessThanOrEqualTo(20)
                    .allSatisfy(error -> assertThat(Json.asObject(error)).containsKey("pointer"));
        }
    }

    @Test
    void shouldReadListCancelAndDeleteEveryJobThatIsAcceptedAndRefuseTheOthers() throws Exception {
        int accepted = 0;
        for (int from = 0; from < BODIES; from += PORTION) {
            List<Sent> jobs = new ArrayList<>();
            for (long seed = from; seed < from + PORTION; seed++) {
                String body = new RandomJson(seed).job("j" + seed);
                Sent sent = new Sent(seed, body, web.post(JOBS, body));
                if (sent.accepted()) {
                    jobs.add(sent);
                    isReadAsItWasSent(sent, JOBS + "/" + sent.id());
                } else {
                    sent.isRefusedByAPointer();
                }
            }
            accepted += jobs.size();
            areListedCancelledAndDeleted(jobs);
        }
        System.out.println(
                "[windlass tests] of " + BODIES + " jobs " + accepted + " were accepted");
        assertThat(accepted).as("of " + BODIES).isBetween(BODIES / 10, BODIES * 9 / 10);
    }

    private static void isReadAsItWasSent(Sent sent, String path) throws Exception {
        WebServer.Answer read = web.get(path);
        assertThat(read.status()).as(sent.told()).isEqualTo(200);
        assertThat(read.body()).as(sent.told()).isEqualTo(sent.answer().body());
        Map<String, Object> body = Json.asObject(Json.parse(sent.body()));
        boolean schedule = body.containsKey("job");
        Map<String, Object> job = schedule ? Json.asObject(body.get("job")) : body;
        Map<String, Object> shown = schedule ? Json.asObject(read.body().get("job")) : read.body();
        for (String field : AS_SENT) {
            if (job.get(field) != null) {
                assertThat(same(job.get(field), shown.get(field)))
                        .as(field + ": " + shown.get(field) + " of " + sent.told())
                        .isTrue();
            }
        }
        if (!schedule) {
            assertThat(web.get(path + "/manifest").status()).as(sent.told()).isEqualTo(200);
        }
    }

    /** Numbers by their value; a variable without a value has an empty one. */
    private static boolean same(Object sent, Object read) {
        if (sent == null) {
            return read == null || read.equals("");
        }
        if (sent instanceof BigDecimal one && read instanceof BigDecimal other) {
            return one.compareTo(other) == 0;
        }
        if (sent instanceof Map<?, ?> one && read instanceof Map<?, ?> other) {
            return one.keySet().equals(other.keySet())
                    && one.keySet().stream().allMatch(key -> same(one.get(key), other.get(key)));
        }
        if (sent instanceof List<?> one && read instanceof List<?> other) {
            boolean same = one.size() == other.size();
            for (int i = 0; same && i < one.size(); i++) {
                same = same(one.get(i), other.get(i));
            }
            return same;
        }
        return Objects.equals(sent, read);
    }

    private static void areListedCancelledAndDeleted(List<Sent> jobs) throws Exception {
        WebServer.Answer list = web.get(JOBS + "?limit=500");
        assertThat(list.status()).isEqualTo(200);
        Set<Object> listed = new HashSet<>();
        ((List<?>) list.body().get("items"))
                .forEach(item -> listed.add(Json.asObject(item).get("id")));
        for (Sent sent : jobs) {
            assertThat(listed).as(sent.told()).contains(sent.id());
            assertThat(web.post(JOBS + "/" + sent.id() + "/cancel", "").status())
                    .as(sent.told())
                    .isEqualTo(202);
            seenToByAProcessor(sent.id());
        }
        assertThat(web.get("/api/v1/events").status()).isEqualTo(200);
        WebServer.Answer deleted = web.post(JOBS + ":delete?all=true", "");
        assertThat(deleted.body().get("done")).hasToString(Integer.toString(jobs.size()));
        for (Sent sent : jobs) {
            assertThat(web.get(JOBS + "/" + sent.id()).status()).as(sent.told()).isEqualTo(404);
        }
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
    void shouldReadListAndDeleteEveryScheduleThatIsAcceptedAndRefuseTheOthers() throws Exception {
        int bodies = Math.max(PORTION, BODIES / 4);
        int accepted = 0;
        for (int from = 0; from < bodies; from += PORTION) {
            List<Sent> schedules = new ArrayList<>();
            for (long seed = from; seed < from + PORTION; seed++) {
                String body = new RandomJson(seed).schedule("s" + seed);
                Sent sent = new Sent(seed, body, web.post(SCHEDULES, body));
                String set = "{\"set\":\"s\",\"dryRun\":true,\"schedules\":[" + body + "]}";
                Sent asSet = new Sent(seed, set, web.post(SCHEDULES + ":apply", set));
                if (sent.accepted()) {
                    schedules.add(sent);
                    isReadAsItWasSent(sent, SCHEDULES + "/default/s" + seed);
                    assertThat(asSet.answer().status()).as(asSet.told()).isEqualTo(200);
                } else {
                    sent.isRefusedByAPointer();
                    asSet.isRefusedByAPointer();
                }
            }
            accepted += schedules.size();
            areListedAccountedForAndDeleted(schedules);
        }
        assertThat(accepted).as("of " + bodies).isBetween(bodies / 20, bodies * 9 / 10);
    }

    private static void areListedAccountedForAndDeleted(List<Sent> schedules) throws Exception {
        Ledger.Round round =
                web.bean(Ledger.class).account(500, web.bean(Clerk.class).withRoomFor(1_000));
        assertThat(round.schedules()).isEqualTo(schedules.size());
        assertThat(round.setAside()).isZero();
        WebServer.Answer list = web.get(SCHEDULES + "?limit=500");
        assertThat(list.status()).isEqualTo(200);
        assertThat((List<?>) list.body().get("items")).hasSize(schedules.size());
        for (Sent sent : schedules) {
            HttpRequest.Builder delete =
                    web.request(SCHEDULES + "/default/s" + sent.seed()).DELETE();
            assertThat(web.send(delete).status()).as(sent.told()).isEqualTo(204);
        }
    }

    @Test
    void shouldAnswerEachLineOfAStreamByItself() throws Exception {
        for (int from = 0; from < Math.max(PORTION, BODIES / 4); from += PORTION) {
            StringBuilder lines = new StringBuilder();
            for (long seed = from; seed < from + PORTION; seed++) {
                lines.append(new RandomJson(seed).job("n" + seed)).append('\n');
            }
            HttpResponse<String> answer =
                    web.raw(
                            web.request(JOBS + ":batch")
                                    .header("Content-Type", "application/x-ndjson")
                                    .POST(HttpRequest.BodyPublishers.ofString(lines.toString())));
            List<String> results = answer.body().lines().toList();
            assertThat(results).as("seeds from " + from).hasSize(PORTION);
            for (String result : results) {
                int status =
                        Integer.parseInt(
                                String.valueOf(Json.asObject(Json.parse(result)).get("status")));
                assertThat(status).as("seeds from %d: %s", from, result).isBetween(200, 499);
            }
        }
        assertThat(web.get(JOBS + "?limit=500").status()).isEqualTo(200);
        web.post(JOBS + ":cancel?all=true", "");
    }
}
