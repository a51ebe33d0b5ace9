package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.JobId;
import io.windlass.job.JobState;
import io.windlass.job.WaitClass;
import io.windlass.migrations.Migrations;
import io.windlass.testing.TestDatabase;
import io.windlass.testing.TestSize;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How many rows and entries are read for a page of a list: many have ended, and few run. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListPlansTest {
    private static final int SETTLED = TestSize.of(50_000, 1_000_000);
    private static final long BOUND = 1_000;
    private static final UUID RARE = new UUID(0, 7);
    private static final UUID COMMON = new UUID(0, 8);

    private static final String INSERT =
            """
            with made as (
                insert into job (id, cluster, namespace, queue, name, spec, spec_version, spec_hash, labels, priority,
                    weight, rank, max_retries, completions, submitted_by, submitted_at, schedule_id)
                select gen_random_uuid(), 'local', '%1$s', '%1$s', '%1$s', '{"namespace":"default"}', 1, 'h',
                    '{"team":"%1$s"}', 0, 1, at, 0, 1, 'tester', at, '%2$s'
                from (select now() - n * interval '1 second' as at from generate_series(%3$d, %4$d) n) times
                returning id, rank)
            insert into job_state (job_id, cluster, rank, weight, version, state, desired, reason, kubernetes_name, settled,
                finished_at, next_check_at, waiting)
            select id, 'local', rank, 1, 1, '%5$s', 'RUN', 'r', 'n', %6$s from made
            """;

    private static final String ENDED = "true, now(), null, null";
    private static final String LIVE =
            """
            false, null, now(), '{"class":"UNSCHEDULABLE","object":"a node","message":"m","since":"2027-01-01T00:00:00Z"}'
            """;

    /** Index entries too: a walk that finds nothing is a walk. */
    private static final String READ =
            """
            select (select sum(seq_tup_read) from pg_stat_user_tables)
                + (select sum(idx_tup_read) from pg_stat_user_indexes)
            """;

    private TestDatabase test;
    private Database database;
    private Jobs jobs;

    @BeforeAll
    void fill() {
        test = TestDatabase.migrated(Migrations::apply);
        // the one connection counts what it reads, and tells it when it is asked to
        database =
                new Database(
                        test.settings((url, user, password, connections, patience) ->
                                new DatabaseSettings(url, user, password, 1, patience)));
        jobs = new Jobs(database);
        insert("common", COMMON, 1_000, 1_000 + SETTLED, JobState.SUCCEEDED, ENDED);
        // somewhere in the middle
        insert("common", COMMON, SETTLED / 2, SETTLED / 2 + 9, JobState.RUNNING, LIVE);
        insert("rare", RARE, SETTLED / 2, SETTLED / 2 + 9, JobState.FAILED, ENDED);
        database.statement(handle -> handle.execute("analyze job, job_state, job_pod"));
    }

    private void insert(
            String name, UUID schedule, int from, int to, JobState state, String columns) {
        int most = 20_000;
        for (int begin = from; begin <= to; begin += most) {
            String sql =
                    INSERT.formatted(
                            name, schedule, begin, Math.min(to, begin + most - 1), state, columns);
            database.inTransaction(handle -> handle.execute(sql));
        }
    }

    @AfterAll
    void close() {
        database.close();
        test.close();
    }

    private static Jobs.Filter filter(
            String namespace,
            Set<JobState> states,
            String team,
            String name,
            String queue,
            UUID schedule,
            Instant since,
            WaitClass waiting,
            String object) {
        return new Jobs.Filter(
                namespace == null ? null : List.of(namespace),
                states,
                team == null ? Map.of() : Map.of("team", team),
                name,
                queue,
                schedule,
                since,
                null,
                waiting,
                object);
    }

    private static Jobs.Filter inState(JobState state) {
        return filter(null, Set.of(state), null, null, null, null, null, null, null);
    }

    private static Jobs.Filter until(Instant since, Instant until, Set<JobState> states) {
        return new Jobs.Filter(null, states, Map.of(), null, null, null, since, until, null, null);
    }

    /** None of them is there: nobody may walk to find that out. */
    private static Jobs.Filter ids(int count) {
        List<JobId> ids = Stream.generate(UUID::randomUUID).limit(count).map(JobId::new).toList();
        return new Jobs.Filter(
                null, Set.of(), Map.of(), null, null, null, null, null, null, null, ids);
    }

    static Stream<Arguments> filters() {
        Set<JobState> all = Set.of();
        Set<JobState> running = Set.of(JobState.RUNNING);
        Set<JobState> failed = Set.of(JobState.FAILED);
        Set<JobState> live = Set.of(JobState.QUEUED, JobState.STARTING, JobState.RUNNING);
        Instant lately = Instant.now().minus(10, ChronoUnit.MINUTES);
        Instant longAgo = Instant.now().minus(3_650, ChronoUnit.DAYS);
        return Stream.of(
                Arguments.of("none", filter(null, all, null, null, null, null, null, null, null)),
                Arguments.of(
                        "running", filter(null, running, null, null, null, null, null, null, null)),
                Arguments.of("queued", inState(JobState.QUEUED)),
                Arguments.of("live", filter(null, live, null, null, null, null, null, null, null)),
                Arguments.of(
                        "failed", filter(null, failed, null, null, null, null, null, null, null)),
                Arguments.of("cancelled", inState(JobState.CANCELLED)),
                Arguments.of("succeeded", inState(JobState.SUCCEEDED)),
                Arguments.of(
                        "rare namespace",
                        filter("rare", all, null, null, null, null, null, null, null)),
                Arguments.of(
                        "namespace, running",
                        filter("common", running, null, null, null, null, null, null, null)),
                Arguments.of(
                        "rare label",
                        filter(null, all, "rare", null, null, null, null, null, null)),
                Arguments.of(
                        "label, running",
                        filter(null, running, "common", null, null, null, null, null, null)),
                Arguments.of(
                        "label of nobody",
                        filter(null, all, "nobody", null, null, null, null, null, null)),
                Arguments.of(
                        "rare name", filter(null, all, null, "rare", null, null, null, null, null)),
                Arguments.of(
                        "name", filter(null, all, null, "common", null, null, null, null, null)),
                Arguments.of(
                        "name of nobody",
                        filter(null, all, null, "nobody", null, null, null, null, null)),
                Arguments.of(
                        "name, namespace",
                        filter("common", all, null, "rare", null, null, null, null, null)),
                Arguments.of(
                        "name, running",
                        filter(null, running, null, "common", null, null, null, null, null)),
                Arguments.of(
                        "rare queue",
                        filter(null, all, null, null, "rare", null, null, null, null)),
                Arguments.of(
                        "queue, running",
                        filter(null, running, null, null, "common", null, null, null, null)),
                Arguments.of(
                        "rare schedule",
                        filter(null, all, null, null, null, RARE, null, null, null)),
                Arguments.of(
                        "schedule, running",
                        filter(null, running, null, null, null, COMMON, null, null, null)),
                Arguments.of(
                        "schedule, failed",
                        filter(null, failed, null, null, null, COMMON, null, null, null)),
                Arguments.of(
                        "lately", filter(null, all, null, null, null, null, lately, null, null)),
                Arguments.of(
                        "long ago, running",
                        filter(null, running, null, null, null, null, longAgo, null, null)),
                Arguments.of("until lately", until(null, lately, all)),
                Arguments.of("until lately, running", until(null, lately, running)),
                Arguments.of("until long ago", until(null, longAgo, all)),
                Arguments.of("from long ago until lately, failed", until(longAgo, lately, failed)),
                Arguments.of(
                        "waiting",
                        filter(
                                null,
                                all,
                                null,
                                null,
                                null,
                                null,
                                null,
                                WaitClass.UNSCHEDULABLE,
                                null)),
                Arguments.of(
                        "waiting, queue",
                        filter(
                                null,
                                all,
                                null,
                                null,
                                "common",
                                null,
                                null,
                                WaitClass.UNSCHEDULABLE,
                                null)),
                Arguments.of("ids", ids(100)),
                Arguments.of("an id of nobody", ids(1)),
                Arguments.of(
                        "object", filter(null, all, null, null, null, null, null, null, "a node")));
    }

    private long read() {
        database.statement(handle -> handle.execute("select pg_stat_force_next_flush()"));
        return database.statement(h -> h.createQuery(READ).mapTo(Long.class).one());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("filters")
    void shouldReadFewRowsForAPage(String name, Jobs.Filter filter) {
        Jobs.After after = null;
        for (int page = 0; page < 7; page++) {
            long before = read();
            List<Jobs.Found> found = jobs.list(filter, after, 100);
            jobs.each(found.stream().map(Jobs.Found::id).toList(), Jobs.StoredJob::id);
            long rows = read() - before;
            assertThat(rows).as("%s: rows read for %d", name, found.size()).isLessThan(BOUND);
            if (!found.isEmpty()) {
                after = found.getLast().place();
            }
        }
    }

    static Stream<Arguments> whoseEndings() {
        return Stream.of(
                Arguments.of("all", null),
                Arguments.of("a namespace", List.of("common")),
                Arguments.of("two namespaces", List.of("common", "rare")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("whoseEndings")
    void shouldReadSoManyRowsAndNoMoreForAnEnding(String name, List<String> namespaces) {
        JobEndings endings = new JobEndings(database);
        long before = read();
        assertThat(endings.find(namespaces, "no ending", 20)).isEmpty();
        assertThat(read() - before).as(name).isBetween(0L, 2L * JobEndings.NEWEST + BOUND);
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long begin = System.nanoTime();
            endings.find(namespaces, "no ending", 20);
            best = Math.min(best, System.nanoTime() - begin);
        }
        System.out.printf(
                "an ending of %s among %,d jobs, the best of five: %d ms%n",
                name, SETTLED, best / 1_000_000);
    }

    /** Heartbeats wait meanwhile. */
    @Test
    void shouldReadFewRowsForTheNumbersOfADeclaration() {
        Heartbeats.on(database).heartbeat("local", "uid");
        long before = read();
        ClusterLosses.Declared declared =
                new ClusterLosses(database).declare("local", "uid", "tester", true);
        assertThat(read() - before).isLessThan(BOUND);
        assertThat(declared.numbers().failing()).isEqualTo(10);
    }
}
