package io.windlass.migrations;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings a database up to this version's schema; several at once wait for each other. */
public final class Migrations {
    private Migrations() {}

    /** How many were applied. */
    public static int apply(DataSource dataSource) {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(dataSource)
                .locations("classpath:db/migration")
                .load()
                .migrate()
                .migrationsExecuted;
    }
}
