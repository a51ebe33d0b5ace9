package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.migrations.Migrations;
import io.windlass.testing.TestDatabase;
import io.windlass.testing.TestSize;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * While somebody holds an old snapshot, as a dump does, entries of what is done stay in their
 * indexes.
 */
@Tag("slow")
class OldSnapshotTest {
    private static final int DEAD = TestSize.of(20_000, 100_000);
    private static final long FEW = 500;
    private static final int TOGETHER = 200;
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    /** As the sequencer takes them. */
    private static final int ROUND = 2_000;

    private static final Duration LAG = TestSize.of(Duration.ofSeconds(5), Duration.ofSeconds(1));

    private static final String JOBS =
            """
            with made as (
                insert into job (id, cluster, namespace, queue, name, spec, spec_version, spec_hash, labels, priority,
                    weight, rank, max_retries, completions, submitted_by, submitted_at)
                select gen_random_uuid(), 'local', 'default', 'q', 'n', '{}', 1, 'h', '{}', 0, 1, at, 0, 1, 'tester', at
                from (select now() - interval '%d s' as at from generate_series(1, %d)) times
                returning id, rank),
            event as (
                insert into job_event (job_id, version, at, to_state, reason, message, source)
                select id, 1, rank, 'QUEUED', 'Submitted', 'm', 'API' from made)
            insert into job_state (job_id, cluster, rank, weight, version, state, desired, kubernetes_name, next_check_at)
            select id, 'local', rank, 1, 1, 'STARTING', 'RUN', 'n', rank from made
            """;

    private static final String LATER =
            """
            update job_state set next_check_at = now() + interval '1 hour' where job_id in (
                select job_id from job_state where next_check_at < now() limit %d)
            """
                    .formatted(ROUND);

    private TestDatabase test;
    private Database database;

    @BeforeEach
    void open() {
        test = TestDatabase.migrated(Migrations::apply);
        database =
                new Database(
                        test.settings((url, user, password, connections, patience) ->
                                new DatabaseSettings(url, user, password, 1, patience)));
    }

    @AfterEach
    void close() {
        database.close();
        test.close();
    }

    private long entriesRead() {
        database.statement(handle -> handle.execute("select pg_stat_force_next_flush()"));
        return database.statement(h ->
                h.createQuery("select sum(idx_tup_read) from pg_stat_user_indexes")
                        .mapTo(Long.class)
                        .one());
    }

    /** Some at a time: a transaction may not take long. */
    private void insert(int jobs, Duration age) {
        for (int n = 0; n < jobs; n += TOGETHER) {
            String sql = JOBS.formatted(age.toSeconds(), Math.min(TOGETHER, jobs - n));
            database.inTransaction(handle -> handle.execute(sql));
        }
    }

    @Test
    void shouldNotStepOverWhatHasItsNumber() throws Exception {
        EventFeed feed = new EventFeed(database);
        try (Connection dump = snapshot()) {
            insert(DEAD, A_MINUTE);
            int numbered = 0;
            for (int n = 0; n < DEAD; n += ROUND) {
                numbered += feed.sequence(ROUND);
            }
            assertThat(numbered).isEqualTo(DEAD);
            feed.sequence(10);
            database.inTransaction(handle -> handle.execute("analyze job_event"));
            database.inTransaction(handle ->
                    handle.execute(
                            "insert into job_event (job_id, version, at, to_state, reason, message, source)"
                                    + " select id, 2, now(), 'QUEUED', 'r', 'm', 'API' from job limit 5"));
            long before = entriesRead();
            assertThat(feed.sequence(10)).isEqualTo(5);
            assertThat(entriesRead() - before).isLessThan(FEW);
            dump.rollback();
        }
    }

    @Test
    void shouldTellOfWhatIsNewSoonWhileManyEntriesDie() throws Exception {
        EventFeed feed = new EventFeed(database);
        Duration longest = Duration.ZERO;
        long last = 0;
        try (Connection dump = snapshot()) {
            for (int dead = 0; dead < DEAD; dead += TOGETHER) {
                insert(TOGETHER, Duration.ZERO);
                long committed = System.nanoTime();
                int told = 0;
                while (told < TOGETHER) {
                    feed.sequence(ROUND);
                    int seen = feed.after(last, TOGETHER).items().size();
                    told += seen;
                    last += seen;
                }
                Duration lag = Duration.ofNanos(System.nanoTime() - committed);
                longest = lag.compareTo(longest) > 0 ? lag : longest;
                assertThat(lag).as("behind %d dead entries", dead).isLessThan(LAG);
            }
            dump.rollback();
        }
        System.out.printf(
                "[windlass tests] %d entries died below a snapshot: the feed was %d ms behind at most%n",
                DEAD, longest.toMillis());
    }

    @Test
    void shouldNotStepOverWhatWasLeased() throws Exception {
        Checks checks = Checks.on(database);
        try (Connection dump = snapshot()) {
            insert(DEAD, A_MINUTE);
            for (int n = 0; n < DEAD; n += ROUND) {
                database.inTransaction(handle -> handle.execute(LATER));
            }
            database.inTransaction(handle -> handle.execute("analyze job_state"));
            long fewest = Long.MAX_VALUE;
            // whoever leases again after a second walks over all: a slow machine gets more tries
            for (int tries = 0; tries < 5 && fewest >= FEW; tries++) {
                List<?> none = checks.lease("local", Duration.ofHours(1), 10).jobs();
                assertThat(none).isEmpty();
                database.inTransaction(handle ->
                        handle.execute(
                                "update job_state set next_check_at = now()"
                                        + " where job_id in (select job_id from job_state limit 5)"));
                long before = entriesRead();
                assertThat(checks.lease("local", Duration.ofHours(1), 10).jobs()).hasSize(5);
                fewest = Math.min(fewest, entriesRead() - before);
            }
            assertThat(fewest).isLessThan(FEW);
            dump.rollback();
        }
    }

    private Connection snapshot() throws Exception {
        Connection connection = database.dedicated();
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (Statement statement = connection.createStatement()) {
            statement.execute("select count(*) from job_event");
        }
        return connection;
    }
}
