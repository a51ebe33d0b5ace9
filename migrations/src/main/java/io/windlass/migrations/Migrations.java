package io.windlass.migrations;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/** Brings a database up to this version's schema; several at once wait for each other. */
public final class Migrations {
    private Migrations() {}

    /** How many were applied. */
    public static int apply(DataSource dataSource) {
        return flyway(dataSource).migrate().migrationsExecuted;
    }

    /** What this version's services need and the database does not have yet. */
    static Optional<String> missing(DataSource dataSource) {
        try {
            String pending =
                    Arrays.stream(flyway(dataSource).info().pending())
                            .map(migration -> String.valueOf(migration.getScript()))
                            .collect(Collectors.joining(", "));
            return pending.isEmpty() ? Optional.empty() : Optional.of(pending);
        } catch (FlywayException e) {
            return Optional.of(String.valueOf(e.getMessage()).strip());
        }
    }

    private static Flyway flyway(DataSource dataSource) {
        FluentConfiguration configuration =
                Flyway.configure(Migrations.class.getClassLoader())
                        .dataSource(dataSource)
                        .locations("classpath:db/migration");
        // an index that is made concurrently waits for every transaction: for that of Flyway's own
        // lock too
        configuration
                .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
        return configuration.load();
    }
}
