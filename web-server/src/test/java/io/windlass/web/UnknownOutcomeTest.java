package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.windlass.job.JobId;
import io.windlass.job.PodPolicies;
import io.windlass.json.Json;
import io.windlass.json.JsonSyntaxException;
import io.windlass.messages.Installation;
import io.windlass.service.Nudges;
import io.windlass.store.Database;
import io.windlass.store.DatabaseAwayException;
import io.windlass.store.Jobs;
import io.windlass.store.NewJob;
import io.windlass.store.Submissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The connection breaks in the commit, or there is no place for it: each line says of its own job
 * what is known of it.
 */
class UnknownOutcomeTest {
    private static WebServer web;

    @BeforeAll
    static void start() {
        web = new WebServer();
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    /** Breaks in the commit; before it, or after it. */
    private static Submissions breaking(boolean committed) {
        Submissions real = Submissions.on(web.bean(Database.class));
        return new Submissions() {
            @Override
            public List<Outcome> store(List<NewJob> jobs) {
                if (committed) {
                    real.store(jobs);
                }
                throw new DatabaseAwayException("the connection broke", null, true);
            }

            @Override
            public Optional<Instant> storedAt(JobId id) {
                return real.storedAt(id);
            }
        };
    }

    private static BatchCall call(Submissions submissions, BatchPlaces places) {
        Intake intake =
                new Intake(
                        submissions,
                        web.bean(Nudges.class),
                        web.bean(ApiSettings.class),
                        web.bean(PodPolicies.class),
                        web.bean(Installation.class),
                        places);
        HttpRequest<?> request = HttpRequest.POST("/api/v1/jobs:batch", "");
        request.setAttribute(Caller.ATTRIBUTE, new Caller("tester", null));
        return new BatchCall(intake, web.bean(Jobs.class), request);
    }

    private static List<Map<String, Object>> submit(BatchCall call) throws JsonSyntaxException {
        List<BatchCall.Line> lines =
                IntStream.range(0, 3)
                        .mapToObj(i ->
                                new BatchCall.Line(
                                        i, Map.of("name", "unknown-" + i, "image", "b:1"), null))
                        .toList();
        List<Map<String, Object>> results = new ArrayList<>();
        for (String result : call.submit(lines)) {
            results.add(Json.asObject(Json.parse(result)));
        }
        return results;
    }

    private static List<Map<String, Object>> submit(boolean committed) throws JsonSyntaxException {
        return submit(call(breaking(committed), web.bean(BatchPlaces.class)));
    }

    @Test
    void shouldAnswerEachLineWithItsOwnJobWhereTheCommitTurnsOutToBeThere() throws Exception {
        List<Map<String, Object>> results = submit(true);
        assertThat(results).extracting(r -> String.valueOf(r.get("status"))).containsOnly("202");
        assertThat(results)
                .extracting(r -> Json.asObject(r.get("job")).get("name"))
                .containsExactly("unknown-0", "unknown-1", "unknown-2");
        for (Map<String, Object> result : results) {
            String id = String.valueOf(Json.asObject(result.get("job")).get("id"));
            assertThat(JobId.parse(id).flatMap(web.bean(Jobs.class)::find)).isPresent();
        }
    }

    @Test
    void shouldTellEachLineItsOwnIdWhereNobodyKnows() throws Exception {
        List<Map<String, Object>> results = submit(false);
        assertThat(results).extracting(r -> String.valueOf(r.get("status"))).containsOnly("503");
        assertThat(results)
                .extracting(r -> Json.asObject(r.get("problem")).get("id"))
                .doesNotHaveDuplicates()
                .doesNotContainNull();
    }

    @Test
    void shouldTakeTheNextPortionWhereOneFoundNoPlace() throws Exception {
        BatchPlaces places = new BatchPlaces(Duration.ofMillis(20));
        BatchCall call = call(Submissions.on(web.bean(Database.class)), places);
        List<Map<String, Object>> refused = withAllTaken(places, () -> submit(call));
        assertThat(refused)
                .extracting(r -> Json.asObject(r.get("problem")).get("type").toString())
                .allMatch(type -> type.endsWith("no-place"))
                .hasSize(3);
        assertThat(submit(call))
                .extracting(r -> String.valueOf(r.get("status")))
                .containsExactly("202", "202", "202");
    }

    private static <T> T withAllTaken(BatchPlaces places, Callable<T> meanwhile) throws Exception {
        Semaphore end = new Semaphore(0);
        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < BatchPlaces.PLACES; i++) {
                CountDownLatch begun = new CountDownLatch(1);
                others.execute(() ->
                        places.with(
                                "others",
                                () -> {
                                    begun.countDown();
                                    end.acquireUninterruptibly();
                                    return "done";
                                }));
                begun.await();
            }
            try {
                return meanwhile.call();
            } finally {
                end.release(BatchPlaces.PLACES);
            }
        }
    }

    @Test
    void shouldSayWhenToTryAgain() {
        for (Problem problem : Problem.values()) {
            boolean later =
                    problem.status() == HttpStatus.SERVICE_UNAVAILABLE
                            || problem.status() == HttpStatus.TOO_MANY_REQUESTS;
            assertThat(
                            Problems.response(new ProblemException(problem, "x"))
                                    .getHeaders()
                                    .contains(HttpHeaders.RETRY_AFTER))
                    .as(problem.name())
                    .isEqualTo(later);
        }
    }
}
