package io.windlass.migrations;

import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The init container: applies the migrations to the database that the environment names, and ends.
 */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private Main() {}

    public static void main(String[] args) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(required("WINDLASS_DATABASE_URL"));
        database.setUser(required("WINDLASS_DATABASE_USER"));
        database.setPassword(required("WINDLASS_DATABASE_PASSWORD"));
        LOG.info("{} migrations applied", Migrations.apply(database));
    }

    private static String required(String variable) {
        String value = System.getenv(variable);
        if (value == null || value.isBlank()) {
            throw new IllegalStateException("set " + variable);
        }
        return value;
    }
}
