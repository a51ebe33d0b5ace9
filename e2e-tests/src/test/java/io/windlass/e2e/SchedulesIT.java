package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.harness.Api;
import io.windlass.harness.Cluster;
import io.windlass.harness.Figures;
import io.windlass.harness.Service;
import io.windlass.harness.Stack;
import io.windlass.json.Json;
import io.windlass.testing.TestCluster;
import io.windlass.testing.TestSize;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;

/** Schedules with all services, on a real cluster: how runs get along, and that none is lost. */
@EnabledIf("available")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SchedulesIT {
    private static final int KILLS = TestSize.of(5, 50);
    private static final int IDLE = TestSize.of(5_000, 100_000);
    private static final int OF_ONE_SET = Math.min(IDLE, 10_000);
    private static final Duration WATCHED = Duration.ofSeconds(TestSize.of(10, 120));
    private static final int TICKING = 500;
    private static final String RUNS_OF =
            " from schedule_run r join schedule s on s.id = r.schedule_id where s.of_set = 'ticking'";

    private static Stack stack;
    private static Cluster cluster;
    private static Api api;

    static boolean available() {
        return TestCluster.available();
    }

    @BeforeAll
    static void start() throws Exception {
        Path kubeconfig = TestCluster.kubeconfig().orElseThrow();
        cluster = Cluster.of(kubeconfig);
        stack = new Stack(kubeconfig, Map.of("WINDLASS_API_MAX_BATCH_BYTES", "33554432"));
        api = stack.api();
    }

    @AfterAll
    static void stop() throws Exception {
        Figures.print();
        stack.close();
        cluster.close();
    }

    private static Map<String, Object> schedule(String name, String timing, String value) {
        Map<String, Object> job = Api.job("ignored", "true");
        job.remove("name");
        return new LinkedHashMap<>(
                Map.of("name", name, timing, value, "namespace", cluster.namespace(), "job", job));
    }

    /** A run takes longer than it is to the next one. */
    private static String sleeping(String concurrency) throws Exception {
        Map<String, Object> schedule =
                schedule(concurrency.toLowerCase(Locale.ROOT), "every", "4s");
        Map<String, Object> job =
                Api.job("sleeps", "sh", "-c", "trap 'exit 0' TERM; sleep 5 & wait");
        job.remove("name");
        schedule.put("job", job);
        schedule.put("concurrency", concurrency);
        schedule.put("keep", Map.of("succeeded", 100, "failed", 100));
        assertThat(api.call("POST", "/api/v1/schedules", schedule).status()).isEqualTo(201);
        return path(concurrency.toLowerCase(Locale.ROOT));
    }

    private static String path(String name) {
        return "/api/v1/schedules/" + cluster.namespace() + "/" + name;
    }

    private static List<Map<String, Object>> items(String path) throws Exception {
        return ((List<?>) api.call("GET", path, null).body().get("items"))
                .stream().map(Json::asObject).toList();
    }

    /** What became of its instants and how their jobs ended, the first first. */
    private static List<Map<String, Object>> runs(String schedule) throws Exception {
        List<Map<String, Object>> runs = new ArrayList<>(items(schedule + "/runs?limit=500"));
        Collections.reverse(runs);
        return runs;
    }

    private static long submitted(String schedule) throws Exception {
        return runs(schedule).stream().filter(r -> r.get("verdict").equals("SUBMITTED")).count();
    }

    /** Those that were made, once all of them have ended. */
    private static List<Map<String, Object>> jobs(String schedule) throws Exception {
        assertThat(api.call("POST", schedule + "/pause", null).status()).isEqualTo(200);
        List<Map<String, Object>> jobs = new ArrayList<>();
        for (Map<String, Object> run : runs(schedule)) {
            if (run.get("jobId") != null) {
                jobs.add(api.awaitEnd(run.get("jobId").toString(), Duration.ofMinutes(2)));
            }
        }
        return jobs;
    }

    private static void awaitSubmitted(String schedule, int runs) {
        Awaitility.await(runs + " runs of " + schedule)
                .atMost(Duration.ofMinutes(3))
                .until(() -> submitted(schedule) >= runs);
    }

    private static void oneAtATime(List<Map<String, Object>> jobs) {
        for (int i = 1; i < jobs.size(); i++) {
            assertThat(Instant.parse(jobs.get(i).get("submittedAt").toString()))
                    .as("run %d is made after the one before has ended", i)
                    .isAfter(Instant.parse(jobs.get(i - 1).get("finishedAt").toString()));
        }
    }

    @Test
    @Order(1)
    void shouldSkipReplaceOrQueueWhatComesWhileARunGoesOn() throws Exception {
        String forbid = sleeping("Forbid");
        String replace = sleeping("Replace");
        String queue = sleeping("Queue");
        awaitSubmitted(forbid, 3);
        awaitSubmitted(replace, 4);
        awaitSubmitted(queue, 3);

        assertThat(runs(forbid))
                .filteredOn(run -> run.get("verdict").equals("SKIPPED"))
                .isNotEmpty()
                .allSatisfy(run -> assertThat(run).containsEntry("reason", "STILL_RUNNING"));
        List<Map<String, Object>> forbidden = jobs(forbid);
        oneAtATime(forbidden);
        assertThat(forbidden)
                .allSatisfy(job -> assertThat(job).containsEntry("state", "SUCCEEDED"));

        List<Map<String, Object>> replaced = jobs(replace);
        assertThat(replaced.subList(0, replaced.size() - 1))
                .allSatisfy(job -> assertThat(job).containsEntry("state", "CANCELLED"));
        assertThat(replaced.getLast()).containsEntry("state", "SUCCEEDED");
        assertThat(runs(replace)).allMatch(run -> !run.get("verdict").equals("WAITING"));

        assertThat(runs(queue)).anyMatch(run -> run.get("verdict").equals("WAITING"));
        List<Map<String, Object>> queued = jobs(queue);
        oneAtATime(queued);
        assertThat(queued)
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(job -> assertThat(job).containsEntry("state", "SUCCEEDED"));
        assertThat(runs(queue))
                .as("none is left out before the pause, however late it comes")
                .filteredOn(run -> !run.get("verdict").equals("SUBMITTED"))
                .allSatisfy(run -> assertThat(run.get("reason")).isIn("PAUSED", null));
        Figures.put(
                "runs of Forbid, Replace and Queue",
                forbidden.size() + ", " + replaced.size() + " and " + queued.size());
    }

    @Test
    @Order(2)
    void shouldForgetJobsAtOnceWhenLessIsKept() throws Exception {
        String schedule = path("forbid");
        List<Map<String, Object>> before = runs(schedule);
        String jobs = "/api/v1/jobs?schedule=" + cluster.namespace() + "/forbid";
        assertThat(items(jobs)).hasSizeGreaterThanOrEqualTo(3);
        Map<String, Object> less = schedule("forbid", "every", "1h");
        less.put("keep", Map.of("succeeded", 1));
        assertThat(api.call("PUT", schedule, less).status()).isEqualTo(200);
        Awaitility.await("their Jobs are gone, and then they are")
                .atMost(Duration.ofMinutes(2))
                .until(() -> items(jobs).size() == 1);
        assertThat(runs(schedule).subList(0, before.size()))
                .as("the ledger says what it said")
                .isEqualTo(before);
    }

    @Test
    @Order(3)
    void shouldRunEveryInstantOnceHoweverOftenProcessorsAreKilled() throws Exception {
        brake("pause");
        List<Map<String, Object>> ticking =
                IntStream.range(0, TICKING)
                        .mapToObj(i -> {
                            Map<String, Object> one =
                                    schedule("tick-%03d".formatted(i), "cron", "* * * * * *");
                            one.put("catchUp", Map.of("all", 10_000));
                            return one;
                        })
                        .toList();
        apply("ticking", ticking);
        Random random = new Random(Long.getLong("windlass.seed", 7));
        List<Service> both = stack.services("schedules-processor");
        for (int kill = 0; kill < KILLS; kill++) {
            long before = stack.database().number("select count(*)" + RUNS_OF);
            Awaitility.await("it goes on")
                    .atMost(Duration.ofMinutes(2))
                    .until(() ->
                            stack.database().number("select count(*)" + RUNS_OF)
                                    > before + TICKING);
            List<Service> these = kill % 3 == 2 ? both : List.of(both.get(random.nextInt(2)));
            for (Service service : these) {
                service.kill();
            }
            for (Service service : these) {
                service.startAgain();
            }
        }
        both.forEach(Service::awaitReady);
        Instant until = Instant.now();
        Awaitility.await("all have come up to now")
                .atMost(Duration.ofMinutes(5))
                .until(() ->
                        stack.database()
                                        .number(
                                                "select count(*) from schedule where of_set = 'ticking' and accounted_until < '"
                                                        + until
                                                        + "'")
                                == 0);
        apply("ticking", ticking.stream().map(one -> Api.with(one, "paused", true)).toList());
        allOnce(until);
        Figures.put(
                "%d kills while %d schedules tick each second: instants, each run once"
                        .formatted(KILLS, TICKING),
                stack.database().number("select count(*)" + RUNS_OF + " and verdict = 'SUBMITTED'")
                        + "");
    }

    /** The seconds from when each was made, counted without any calendar. */
    private static void allOnce(Instant until) throws SQLException {
        String seconds =
                "floor(extract(epoch from timestamptz '%s')) - floor(extract(epoch from s.created_at))"
                        .formatted(until);
        assertThat(
                        stack.database()
                                .column(
                                        """
                                        select s.name || ': ' || count(r.*) || ' of ' || (%s)
                                        from schedule s left join schedule_run r
                                            on r.schedule_id = s.id and r.verdict = 'SUBMITTED' and r.planned_at <= '%s'
                                        where s.of_set = 'ticking' group by s.id having count(r.*) <> %s
                                        """
                                                .formatted(seconds, until, seconds)))
                .as("instants that have no run")
                .isEmpty();
        assertThat(
                        stack.database()
                                .number(
                                        "select count(*)"
                                                + RUNS_OF
                                                + " and verdict not in ('SUBMITTED', 'SKIPPED')"))
                .isZero();
        assertThat(
                        stack.database()
                                .number(
                                        """
                                        select count(*) from (select from job where planned_at is not null
                                            group by schedule_id, planned_at having count(*) > 1) twice
                                        """))
                .as("instants that have two jobs")
                .isZero();
        assertThat(
                        stack.database()
                                .number(
                                        """
                                        select count(*)
                                        from (select r.* from schedule_run r join schedule s on s.id = r.schedule_id
                                                where s.of_set = 'ticking' and r.verdict = 'SUBMITTED') r
                                            full join (select j.* from job j join schedule s on s.id = j.schedule_id
                                                where s.of_set = 'ticking') j on j.id = r.job_id
                                        where j.id is null or r.job_id is null or j.planned_at <> r.planned_at
                                        """))
                .as("lines without their job, and jobs without their line")
                .isZero();
    }

    @Test
    @Order(4)
    void shouldCostNextToNothingWhileNothingIsDue() throws Exception {
        int sets = 0;
        for (int from = 0; from < IDLE; from += OF_ONE_SET) {
            List<Map<String, Object>> far =
                    IntStream.range(from, from + OF_ONE_SET)
                            .mapToObj(i ->
                                    schedule(
                                            "idle-" + i,
                                            "cron",
                                            "%d %d 1 1 *".formatted(i % 60, i % 24)))
                            .toList();
            apply("idle-" + sets++, far);
        }
        Awaitility.await("each was looked at once")
                .atMost(Duration.ofMinutes(5))
                .until(() ->
                        stack.database()
                                        .number(
                                                "select count(*) from schedule where next_due <= clock_timestamp()")
                                == 0);
        List<Service> processors = stack.services("schedules-processor");
        Duration cpu = cpu(processors);
        Instant begin = Instant.now();
        Awaitility.await("they are watched")
                .atMost(WATCHED.plusSeconds(10))
                .until(() -> Instant.now().isAfter(begin.plus(WATCHED)));
        Duration used = cpu(processors).minus(cpu);
        Duration watched = Duration.between(begin, Instant.now());
        double share = 100.0 * used.toMillis() / watched.toMillis() / processors.size();
        Figures.put(
                "%,d schedules, none due: share of a core that each schedules-processor takes"
                        .formatted(IDLE),
                "%.2f %%".formatted(share));
        assertThat(share).as("percent of a core").isLessThan(Bounds.of(3));
    }

    private static Duration cpu(List<Service> services) {
        return services.stream()
                .map(service -> service.process().info().totalCpuDuration().orElseThrow())
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static void apply(String set, List<Map<String, Object>> schedules) throws Exception {
        Api.Answer answer =
                api.call(
                        "POST",
                        "/api/v1/schedules:apply",
                        Map.of("set", set, "schedules", schedules));
        assertThat(answer.status()).as("%.500s", answer.body()).isEqualTo(200);
    }

    private static void brake(String action) throws Exception {
        assertThat(
                        api.call("POST", "/api/v1/clusters/" + stack.cluster() + "/" + action, null)
                                .status())
                .isEqualTo(200);
    }
}
