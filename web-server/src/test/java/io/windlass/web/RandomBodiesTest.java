package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Decider;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobSpecReader;
import io.windlass.job.Rules;
import io.windlass.json.Json;
import io.windlass.messages.Installation;
import io.windlass.store.Progressions;
import io.windlass.testing.TestSize;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Generated bodies through real HTTP. What is accepted can be read as it was sent, listed,
 * cancelled and deleted; what is refused gets a 4xx that names a field. Bodies that fail are kept.
 */
@Tag("slow")
class RandomBodiesTest {
    private static final int BODIES = TestSize.of(300, 2_000, 10_000);
    private static final String JOBS = "/api/v1/jobs";
    private static WebServer web;

    @BeforeAll
    static void start() {
        web = RandomRequests.server();
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    @Test
    void shouldReadListCancelAndDeleteEveryJobThatIsAcceptedAndRefuseTheOthers() throws Exception {
        int accepted = 0;
        Set<String> fields = new TreeSet<>();
        for (List<String> portion :
                KeptBodies.JOBS.portions(BODIES, s -> new RandomRequests(s).job("j" + s))) {
            List<SentBody> jobs = new ArrayList<>();
            for (String body : portion) {
                KeptBodies.JOBS.keptUnless(
                        List.of(body),
                        () -> {
                            SentBody sent = SentBody.to(web, JOBS, body);
                            if (sent.accepted()) {
                                jobs.add(sent);
                                sent.isReadAsItWasSent(web, JOBS + "/" + sent.field("id"));
                                fields.addAll(Json.object(body).keySet());
                            } else {
                                sent.isRefusedByAPointer();
                            }
                        });
            }
            accepted += jobs.size();
            KeptBodies.JOBS.keptUnless(portion, () -> areListedCancelledAndDeleted(jobs));
        }
        System.out.println(
                "[windlass tests] of " + BODIES + " jobs " + accepted + " were accepted");
        assertThat(accepted).as("of " + BODIES).isBetween(BODIES / 10, BODIES * 9 / 10);
        assertThat(fields).as("of bodies that were accepted").containsAll(JobSpecReader.FIELDS);
    }

    private static void areListedCancelledAndDeleted(List<SentBody> jobs) throws Exception {
        Set<Object> listed = web.listed(JOBS, "id");
        for (SentBody sent : jobs) {
            assertThat(listed).as(sent.told()).contains(sent.field("id"));
            assertThat(web.post(JOBS + "/" + sent.field("id") + "/cancel", "").status())
                    .as(sent.told())
                    .isEqualTo(202);
            seenToByAProcessor(String.valueOf(sent.field("id")));
        }
        assertThat(web.get("/api/v1/events").status()).isEqualTo(200);
        WebServer.Answer deleted = web.post(JOBS + ":delete?all=true", "");
        assertThat(deleted.body().get("done")).hasToString(Integer.toString(jobs.size()));
        for (SentBody sent : jobs) {
            assertThat(web.get(JOBS + "/" + sent.field("id")).status())
                    .as(sent.told())
                    .isEqualTo(404);
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
    void shouldAnswerEachLineOfAStreamByItself() throws Exception {
        for (List<String> portion :
                KeptBodies.JOBS.portions(
                        Math.max(KeptBodies.PORTION, BODIES / 4),
                        s -> new RandomRequests(s).job("n" + s))) {
            KeptBodies.JOBS.keptUnless(portion, () -> areAnsweredLineByLine(portion));
        }
        assertThat(web.get(JOBS + "?limit=500").status()).isEqualTo(200);
        web.post(JOBS + ":cancel?all=true", "");
    }

    private static void areAnsweredLineByLine(List<String> portion) throws Exception {
        HttpResponse<String> answer =
                web.raw(
                        web.request(JOBS + ":batch")
                                .header("Content-Type", "application/x-ndjson")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                String.join("\n", portion) + "\n")));
        List<String> results = answer.body().lines().toList();
        assertThat(results).hasSize(portion.size());
        for (String result : results) {
            int status = Integer.parseInt(String.valueOf(Json.object(result).get("status")));
            assertThat(status).as(result).isBetween(200, 499);
            if (status >= 400) {
                assertThat(result).contains("\"pointer\"");
            }
        }
    }
}
