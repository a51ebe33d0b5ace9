package io.windlass.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.testing.TestDatabase;
import io.windlass.testing.TestSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Interrupted migrations, and migrations beside those who work. */
class MigrationsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String INDEX = "job_newest_of_queue";

    /** How long somebody holds a table that a migration wants. */
    private static final Duration HELD = TestSize.of(Duration.ofSeconds(6), Duration.ofSeconds(60));

    private static final String SUBMISSION =
            """
            set statement_timeout = '8s';
            with made as (
                insert into job (id, cluster, namespace, queue, name, spec, spec_version, spec_hash, labels, priority,
                    weight, rank, max_retries, completions, submitted_by, submitted_at)
                values (gen_random_uuid(), 'local', 'default', 'q', 'n', '{}', 1, 'h', '{}', 0, 1, now(), 0, 1, 't', now())
                returning id, rank),
            event as (
                insert into job_event (job_id, version, at, to_state, reason, message, source)
                select id, 1, rank, 'QUEUED', 'Submitted', 'm', 'API' from made)
            insert into job_state (job_id, cluster, rank, weight, version, state, desired, kubernetes_name, next_check_at)
            select id, 'local', rank, 1, 1, 'QUEUED', 'RUN', 'n', rank from made
            """;

    private static final String KILL_THE_BUILDER =
            """
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid() and query ilike '%index concurrently%'
            """;
    @TempDir Path later;

    private TestDatabase database;

    @BeforeEach
    void migrate() {
        database = TestDatabase.create();
        Migrations.apply(database.dataSource());
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** What a later version has besides. */
    private void later(String sql) throws IOException {
        Files.writeString(later.resolve("V99990101000000__later.sql"), sql);
    }

    private int applyLater(Duration patience) {
        return Migrations.apply(
                database.dataSource(), patience, Migrations.SCRIPTS, "filesystem:" + later);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> invalid() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            return Indexes.invalid(connection);
        }
    }

    private boolean exists(String relation) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "select to_regclass('" + relation + "') is not null")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** As a build is that was killed. */
    private void spoil(String index) throws SQLException {
        execute(
                "update pg_index set indisvalid = false where indexrelid = '"
                        + index
                        + "'::regclass");
    }

    @Test
    void shouldMakeAnIndexValidWhoseBuildWasKilled() throws Exception {
        spoil(INDEX);
        assertThat(invalid()).containsExactly("public." + INDEX);
        Migrations.apply(database.dataSource());
        assertThat(invalid()).isEmpty();
        assertThat(exists(INDEX)).isTrue();
    }

    /** Scripts of both kinds: the older ones take an index that is there for one that is done. */
    @ParameterizedTest
    @ValueSource(strings = {"if not exists later on", "later on"})
    void shouldFinishAnIndexWhoseBuilderWasKilledAtTheNextStart(String made) throws Exception {
        String before = made.startsWith("if") ? "" : "drop index concurrently if exists later; ";
        later(before + "create index concurrently " + made + " job (queue);");
        try (Connection writer = database.dataSource().getConnection();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("lock table job in row exclusive mode");
            CompletableFuture<Integer> migration =
                    CompletableFuture.supplyAsync(() -> applyLater(LONG));
            Awaitility.await("the index is being built")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> invalid().contains("public.later"));
            execute(KILL_THE_BUILDER);
            assertThatThrownBy(() -> migration.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class);
            writer.rollback();
        }
        assertThat(invalid()).containsExactly("public.later");
        assertThat(applyLater(LONG)).isEqualTo(1);
        assertThat(invalid()).isEmpty();
        assertThat(exists("later")).isTrue();
    }

    @Test
    void shouldThrowAwayWhatAnInterruptedReindexLeftBehind() throws Exception {
        execute("create index job_newest_of_queue_ccnew on job (queue)");
        spoil("job_newest_of_queue_ccnew");
        Migrations.apply(database.dataSource());
        assertThat(exists("job_newest_of_queue_ccnew")).isFalse();
    }

    @Test
    void shouldNotSayThatAllIsDoneBesideAnIndexThatIsNot() throws Exception {
        later(
                """
                create table other (id int);
                create index other_id on other (id);
                update pg_index set indisvalid = false where indexrelid = 'other_id'::regclass;
                """);
        assertThatThrownBy(() -> applyLater(LONG)).hasMessageContaining("other_id");
    }

    @Test
    void shouldForgetAScriptThatFailedAndTryItAgain() throws Exception {
        later(
                "drop index concurrently if exists later; create index concurrently later on job (other);");
        assertThatThrownBy(() -> applyLater(LONG)).hasMessageContaining("other");
        later(
                "drop index concurrently if exists later; create index concurrently later on job (queue);");
        assertThat(applyLater(LONG)).isEqualTo(1);
        assertThat(exists("later")).isTrue();
    }

    @Test
    @Tag("slow") // it waits for a lock, and lets go of it
    void shouldHoldNobodyUpWhileItWaitsForATable() throws Exception {
        later("alter table job_state add column later integer;");
        CompletableFuture<Integer> migration;
        List<Long> millis = new ArrayList<>();
        try (Connection dump = database.dataSource().getConnection();
                Statement statement = dump.createStatement()) {
            dump.setAutoCommit(false);
            statement.execute("lock table job_state in access share mode");
            migration = CompletableFuture.supplyAsync(() -> applyLater(HELD.plus(LONG)));
            Awaitility.await()
                    .during(HELD)
                    .atMost(HELD.plusSeconds(30))
                    .until(() -> {
                        long begun = System.nanoTime();
                        execute(SUBMISSION);
                        millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
                        return !migration.isDone();
                    });
            dump.rollback();
        }
        assertThat(migration.get(1, TimeUnit.MINUTES)).isEqualTo(1);
        assertThat(millis)
                .as("how long a submission waits behind the migration")
                .allMatch(took -> took < 5_000);
        System.out.printf(
                "[windlass tests] a table was held for %d s: %d submissions, the slowest in %d ms%n",
                HELD.toSeconds(), millis.size(), Collections.max(millis));
    }

    @Test
    @Tag("slow") // it waits for a lock
    void shouldGiveUpWithItsReasonWhereATableIsNeverFree() throws Exception {
        later("alter table job_state add column later integer;");
        try (Connection dump = database.dataSource().getConnection();
                Statement statement = dump.createStatement()) {
            dump.setAutoCommit(false);
            statement.execute("lock table job_state in access share mode");
            CompletableFuture<Integer> migration =
                    CompletableFuture.supplyAsync(() -> applyLater(Duration.ZERO));
            assertThatThrownBy(() -> migration.get(30, TimeUnit.SECONDS))
                    .hasMessageContaining("a table is in use");
            dump.rollback();
        }
    }

    @Test
    void shouldLetOnlyOneMigrateAtATime() throws Exception {
        try (Connection other = database.dataSource().getConnection();
                Statement statement = other.createStatement()) {
            statement.execute("select pg_advisory_lock(7316204518844)");
            assertThatThrownBy(() -> applyLater(Duration.ZERO))
                    .hasMessageContaining("another one migrates");
        }
        assertThat(Migrations.apply(database.dataSource())).isZero();
    }
}
