package io.windlass.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TestDatabaseTest {
    private static final String SOMEBODYS = "windlass_test_of_somebody";
    private static final AtomicInteger MIGRATIONS = new AtomicInteger();

    private static void migrate(DataSource database) {
        MIGRATIONS.incrementAndGet();
        run(database, "create table thing (name text)");
    }

    private static void run(DataSource database, String sql) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> column(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    @Test
    void shouldMigrateOnceForDatabasesThatShareNothing() throws Exception {
        try (TestDatabase one = TestDatabase.migrated(TestDatabaseTest::migrate);
                TestDatabase other = TestDatabase.migrated(TestDatabaseTest::migrate)) {
            run(one.dataSource(), "insert into thing values ('one')");
            assertThat(column(one.dataSource(), "select name from thing")).containsExactly("one");
            assertThat(column(other.dataSource(), "select name from thing")).isEmpty();
        }
        assertThat(MIGRATIONS).hasValue(1);
    }

    @Test
    void shouldMakeAnEmptyDatabase() throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            assertThat(
                            column(
                                    database.dataSource(),
                                    "select relname from pg_class where relname = 'thing'"))
                    .isEmpty();
        }
    }

    @Test
    @Tag("slow")
    void shouldDropADatabaseThatSomebodyIsConnectedTo() throws Exception {
        TestDatabase database = TestDatabase.create();
        try (Connection connection = database.dataSource().getConnection()) {
            database.close();
            assertThat(connection.isValid(1)).isFalse();
        }
        assertThatThrownBy(() -> database.dataSource().getConnection())
                .hasMessageContaining("does not exist");
    }

    /** A second JVM on the same server is one with another prefix. */
    @Test
    void shouldDropItsOwnDatabasesAndThoseOfRunsThatWereKilled() {
        TestDatabase mine = TestDatabase.create();
        String url = mine.url().substring(0, mine.url().lastIndexOf('/') + 1);
        Instant now = Instant.now();
        TestServer killed = server(url, now.minusSeconds(100_000));
        TestServer other = server(url, now);
        run(mine.dataSource(), "create database " + killed.prefix() + "1");
        run(mine.dataSource(), "create database " + other.prefix() + "1");
        run(mine.dataSource(), "create database " + SOMEBODYS);
        other.dropOld();
        assertThat(other.databases())
                .doesNotContain(killed.prefix() + "1")
                .contains(other.prefix() + "1", SOMEBODYS, "postgres");
        other.dropOwn();
        assertThat(other.databases())
                .doesNotContain(other.prefix() + "1")
                .contains(SOMEBODYS, "postgres", mine.url().substring(url.length()));
        run(mine.dataSource(), "drop database " + SOMEBODYS);
        mine.close();
    }

    private static TestServer server(String url, Instant begin) {
        return new TestServer(url, "postgres", "postgres", TestServer.prefix(begin));
    }

    @Test
    void shouldSayWhatTheVariableIsWhenItIsNoAddress() {
        assertThatThrownBy(() -> TestServer.staying("localhost:5432"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "WINDLASS_TEST_DATABASE_URL is jdbc:postgresql://HOST:PORT/postgres");
    }
}
