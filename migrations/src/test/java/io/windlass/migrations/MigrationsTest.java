package io.windlass.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interrupted migrations, and migrations beside those who work. */
class MigrationsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String INDEX = "job_newest_of_queue";
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
            migration = CompletableFuture.supplyAsync(() -> applyLater(LONG));
            Awaitility.await()
                    .during(Duration.ofSeconds(6))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> {
                        long begun = System.nanoTime();
                        execute("set statement_timeout = '8s'; update job_state set guard = guard");
                        millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
                        return !migration.isDone();
                    });
            dump.rollback();
        }
        assertThat(migration.get(1, TimeUnit.MINUTES)).isEqualTo(1);
        assertThat(millis)
                .as("how long somebody waits behind the migration")
                .allMatch(took -> took < 5_000);
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
