package io.windlass.migrations;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a database up to this version's schema; several at once wait for each other. */
public final class Migrations {
    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
    static final String SCRIPTS = "classpath:db/migration";
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /**
     * Held by a session that has no transaction: what is made concurrently does not wait for it.
     */
    private static final String ALONE = "select pg_try_advisory_lock(7316204518844)";

    private static final String NOT_ALONE = "select pg_advisory_unlock(7316204518844)";

    /** Of scripts that are no transaction: these throw away themselves what they had begun. */
    private static final String FORGET_FAILED =
            """
            do $$ begin
                if to_regclass('flyway_schema_history') is not null then
                    delete from flyway_schema_history where not success;
                end if;
            end $$
            """;

    private Migrations() {}

    /** How many were applied. */
    public static int apply(DataSource dataSource) {
        return apply(dataSource, PATIENCE, SCRIPTS);
    }

    static int apply(DataSource dataSource, Duration patience, String... scripts) {
        long end = System.nanoTime() + patience.toNanos();
        try (Connection connection = dataSource.getConnection()) {
            while (!alone(connection)) {
                pause(end, "another one migrates");
            }
            try {
                return apply(flyway(dataSource, scripts), connection, end);
            } finally {
                execute(connection, NOT_ALONE);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the database cannot be migrated", e);
        }
    }

    private static int apply(Flyway flyway, Connection connection, long end) throws SQLException {
        Indexes.makeValid(connection);
        int applied = 0;
        boolean done = false;
        while (!done) {
            try {
                execute(connection, FORGET_FAILED);
                applied += flyway.migrate().migrationsExecuted;
                done = true;
            } catch (FlywayException e) {
                if (!LOCK_NOT_AVAILABLE.equals(state(e))) {
                    throw e;
                }
                pause(end, "a table is in use");
            }
        }
        List<String> invalid = Indexes.invalid(connection);
        if (!invalid.isEmpty()) {
            throw new IllegalStateException("not finished: indexes " + invalid);
        }
        return applied;
    }

    private static boolean alone(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ALONE)) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static @Nullable String state(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql) {
                return sql.getSQLState();
            }
        }
        return null;
    }

    private static void pause(long end, String why) {
        if (System.nanoTime() - end >= 0) {
            throw new IllegalStateException("waited too long: " + why);
        }
        LOG.info("{}: waiting", why);
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Whether a later version has been here: what it needs is not known here. */
    static boolean isAhead(DataSource dataSource) {
        return Arrays.stream(flyway(dataSource, SCRIPTS).info().all())
                .map(MigrationInfo::getState)
                .anyMatch(state -> state.isApplied() && !state.isResolved());
    }

    /** What this version's services need and the database does not have yet. */
    static Optional<String> missing(DataSource dataSource) {
        try {
            String pending =
                    Arrays.stream(flyway(dataSource, SCRIPTS).info().pending())
                            .map(migration -> String.valueOf(migration.getScript()))
                            .collect(Collectors.joining(", "));
            return pending.isEmpty() ? Optional.empty() : Optional.of(pending);
        } catch (FlywayException e) {
            return Optional.of(DatabaseConnection.inOneLine(e));
        }
    }

    private static Flyway flyway(DataSource dataSource, String... scripts) {
        FluentConfiguration configuration =
                Flyway.configure(Migrations.class.getClassLoader())
                        .dataSource(dataSource)
                        .locations(scripts)
                        .callbacks(new NoLongQueues());
        // an index that is made concurrently waits for every transaction: for that of Flyway's own
        // lock too
        configuration
                .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
        return configuration.load();
    }
}
