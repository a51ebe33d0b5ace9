package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.harness.Api;
import io.windlass.harness.Figures;
import io.windlass.harness.Queues;
import io.windlass.harness.Service;
import io.windlass.harness.SimulatedNodes;
import io.windlass.harness.Stack;
import io.windlass.testing.TestSize;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;

/** A whole stack, two processes of each service, whose database is in trouble or is upgraded. */
@EnabledIf("available")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DatabaseIT {
    private static final Duration READ_ONLY =
            TestSize.of(Duration.ofSeconds(20), Duration.ofMinutes(3));
    private static final Duration PACE = Duration.ofMillis(200);

    /** What was under way when the database went may be told either way. */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private static final Duration NOTICED = Duration.ofSeconds(30);
    private static final int AT_WORK = 10;
    private static final int SOME = 20;
    private static final List<String> WITH_DATABASE =
            List.of("web-server", "messages-processor", "schedules-processor", "cluster-gateway");

    private static final String LATER_VERSION =
            """
            insert into flyway_schema_history
            select installed_rank + 1, '29990101000000', 'later', type, 'V29990101000000__later.sql', 1,
                installed_by, installed_on, 1, true
            from flyway_schema_history order by installed_rank desc limit 1
            """;

    private static Pipeline pipeline;
    private static Stack stack;
    private static Api api;

    static boolean available() {
        return SimulatedNodes.available();
    }

    @BeforeAll
    static void start() throws Exception {
        pipeline = Pipeline.start(Map.of());
        stack = pipeline.stack();
        api = pipeline.api();
    }

    @AfterAll
    static void stop() throws Exception {
        Figures.print();
        if (pipeline != null) {
            pipeline.close();
        }
    }

    private static List<Service> withDatabase() {
        return WITH_DATABASE.stream().flatMap(module -> stack.services(module).stream()).toList();
    }

    private static void health(String what, int status) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (Service service : withDatabase()) {
                URI uri = URI.create("http://127.0.0.1:" + service.port() + "/health/" + what);
                HttpRequest request =
                        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
                assertThat(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
                        .as("%s of %s; its log is %s", what, service.module(), service.log())
                        .isEqualTo(status);
            }
        }
    }

    private static void awaitReadiness(int status) {
        Awaitility.await("readiness is " + status)
                .atMost(NOTICED)
                .untilAsserted(() -> health("readiness", status));
    }

    private static Map<String, Object> simulated() {
        return Api.with(Api.simulated("load"), "namespace", pipeline.cluster().namespace());
    }

    private static void awaitAccepted(KeyedPosts load, long accepted) {
        Awaitility.await(accepted + " submissions")
                .atMost(Duration.ofMinutes(2))
                .until(() -> load.accepted() >= accepted);
    }

    @Test
    @Order(1)
    void shouldBeAwayWhileNoWritesAreTakenAndThenEndEverything() throws Exception {
        List<ProcessHandle> processes = stack.all().stream().map(Service::process).toList();
        List<String> ids = new ArrayList<>(atWork());
        try (KeyedPosts load = new KeyedPosts(stack, simulated(), PACE)) {
            awaitAccepted(load, SOME);
            stack.database().readOnly(true);
            Instant from = Instant.now();
            awaitReadiness(503);
            Figures.put(
                    "a read-only database: until all services say that they are not ready", from);
            health("liveness", 200);
            Thread.sleep(READ_ONLY.minus(Duration.between(from, Instant.now())));
            health("readiness", 503);
            health("liveness", 200);
            Instant to = Instant.now();
            stack.database().readOnly(false);
            awaitReadiness(200);
            awaitAccepted(load, load.accepted() + SOME);
            load.stop();
            List<KeyedPosts.Answer> answers = load.answers();
            areAcceptedOrSentAway(answers);
            assertThat(
                            answers.stream()
                                    .filter(a ->
                                            a.sentBetween(from.plus(MARGIN), to.minus(MARGIN))))
                    .as("while nothing could be written")
                    .isNotEmpty()
                    .noneMatch(KeyedPosts.Answer::accepted);
            for (KeyedPosts.Answer answer : answers) {
                KeyedPosts.Answer last = answer.accepted() ? answer : load.again(answer);
                assertThat(last.status()).as("%s, sent again", last).isIn(200, 202);
                ids.add(last.id());
            }
            Figures.put(
                    "a database that was read-only for %d s, %d submissions"
                            .formatted(READ_ONLY.toSeconds(), answers.size()),
                    "%d answered by 503 with Retry-After, all stored once when sent again"
                            .formatted(answers.stream().filter(a -> !a.accepted()).count()));
        }
        Instant begin = Instant.now();
        pipeline.allSucceed(ids);
        Figures.put("these jobs, and " + AT_WORK + " that ended meanwhile, to the last end", begin);
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(stack.database().column("select id::text from job"))
                .containsExactlyInAnyOrderElementsOf(ids);
        assertThat(Queues.dead(stack.cluster())).as("dead letters").isZero();
        assertThat(processes).as("none was started again").allMatch(ProcessHandle::isAlive);
        pipeline.nothingIsLeft();
        pipeline.historiesHaveNoGaps();
        Awaitility.await("the queues are empty")
                .atMost(Pipeline.SOON)
                .untilAsserted(() -> assertThat(Queues.waiting(stack.cluster())).isZero());
    }

    /** They run when the database goes, and end before it is back. */
    private static List<String> atWork() throws IOException {
        List<String> ids =
                api.submitAll(
                        IntStream.range(0, AT_WORK)
                                .mapToObj(i -> pipeline.job("at-work-" + i, "sleep", "15"))
                                .toList());
        ids.forEach(id -> pipeline.awaitState(id, "RUNNING"));
        return ids;
    }

    private static void areAcceptedOrSentAway(List<KeyedPosts.Answer> answers) {
        for (KeyedPosts.Answer answer : answers) {
            assertThat(answer.status()).as("%s", answer).isIn(202, 503);
            if (!answer.accepted()) {
                assertThat(answer.retryAfter()).as("%s", answer).isPresent();
                assertThat(answer.body()).as("%s", answer).contains("database-away");
            }
        }
    }

    /** As a pod of the earlier version is, which is made again in the middle of an upgrade. */
    @Test
    @Order(2)
    void shouldBreakNothingWhenAWebServerStartsAgainAfterALaterVersionHasMigrated()
            throws Exception {
        stack.database()
                .execute(
                        "create table later (id int)",
                        "grant select on later to \"messages-processor\"",
                        "grant delete on job_state to \"messages-processor\"",
                        LATER_VERSION);
        try (KeyedPosts load = new KeyedPosts(stack, simulated(), PACE)) {
            awaitAccepted(load, SOME);
            Service old = stack.services("web-server").getFirst();
            old.kill();
            stack.migrate();
            old.startAgain();
            old.awaitReady();
            assertThat(may("later", "select")).as("of a table that it does not know").isTrue();
            assertThat(may("job_state", "delete")).as("what it does not need itself").isTrue();
            awaitAccepted(load, load.accepted() + SOME);
            load.stop();
            pipeline.allSucceed(
                    load.answers().stream()
                            .filter(KeyedPosts.Answer::accepted)
                            .map(KeyedPosts.Answer::id)
                            .toList());
        }
        health("readiness", 200);
        assertThat(Queues.dead(stack.cluster())).as("dead letters").isZero();
        pipeline.nothingIsLeft();
    }

    private static boolean may(String table, String what) throws Exception {
        return stack.database()
                .column(
                        "select has_table_privilege('messages-processor', '%s', '%s')"
                                .formatted(table, what))
                .equals(List.of("t"));
    }
}
