package io.windlass.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * As many databases of a real PostgreSQL as tests ask for: of one per test JVM, or of the one that
 * {@code WINDLASS_TEST_DATABASE_URL} names.
 */
public record TestDatabase(String url, String user, String password) implements AutoCloseable {
    private static final int CONNECTIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static final class Server {
        static final TestServer RUNNING = TestServer.start();
    }

    /** What is copied; made by the first test that asks for a migrated database. */
    private static final class Template {
        private static @Nullable String name;

        static synchronized String migratedBy(Consumer<DataSource> migrations) {
            if (name == null) {
                TestDatabase template = create();
                migrations.accept(template.dataSource());
                // nobody may be connected to what is copied
                template.onServer(
                        "alter database " + template.name() + " with allow_connections false");
                name = template.name();
            }
            return name;
        }
    }

    /** An empty one. */
    public static TestDatabase create() {
        return create("");
    }

    /**
     * One that the migrations have been applied to, once per JVM: all tests of a JVM name the same
     * migrations.
     */
    public static TestDatabase migrated(Consumer<DataSource> migrations) {
        return create(" template " + Template.migratedBy(migrations) + " strategy file_copy");
    }

    private static TestDatabase create(String how) {
        TestServer server = Server.RUNNING;
        String name = server.prefix() + NAMES.incrementAndGet();
        TestDatabase database = server.database(name);
        database.onServer("create database " + name + how);
        return database;
    }

    /** How settings of a database are made of where it is. */
    public interface Settings<T> {
        T of(String url, String user, String password, int connections, Duration patience);
    }

    /** Enough for a test. */
    public <T> T settings(Settings<T> type) {
        return type.of(url, user, password, CONNECTIONS, PATIENCE);
    }

    public DataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(url);
        dataSource.setUser(user);
        dataSource.setPassword(password);
        return dataSource;
    }

    private String name() {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    private void onServer(String command) {
        try (Connection connection = Server.RUNNING.connection();
                Statement statement = connection.createStatement()) {
            statement.execute(command);
        } catch (SQLException e) {
            throw new IllegalStateException("no database for the test", e);
        }
    }

    /** As a former primary is; whoever is connected is cut off, since that is for new sessions. */
    public void readOnly(boolean on) {
        onServer(
                "alter database "
                        + name()
                        + " set default_transaction_read_only = "
                        + (on ? "on" : "off"));
        onServer(
                "do $$ begin perform pg_terminate_backend(pid) from pg_stat_activity where datname = '"
                        + name()
                        + "'; end $$");
    }

    /** Drops it, with whoever is still connected. */
    @Override
    public void close() {
        onServer("drop database if exists " + name() + " with (force)");
    }
}
