package io.windlass.migrations;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runs before a service does: waits for what it needs ({@code wait HOST:PORT}), applies the
 * migrations to the database that the environment names and gives the services' users their rights
 * (no argument), or waits until somebody else has ({@code wait-for-schema}); and ends.
 */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private Main() {}

    public static void main(String[] args) throws InterruptedException, SQLException {
        String verb = args.length == 0 ? "migrate" : args[0];
        switch (verb) {
            case "migrate" -> migrate(database());
            case "wait-for-schema" -> awaitSchema(database());
            case "wait" -> awaitAddresses(args);
            default ->
                    throw new IllegalArgumentException(
                            verb + ": not one of migrate, wait-for-schema, wait HOST:PORT ...");
        }
    }

    private static void migrate(PGSimpleDataSource database) throws SQLException {
        LOG.info("{} migrations applied", Migrations.apply(database));
        List<ServiceRole> roles =
                Arrays.stream(ServiceRole.Kind.values())
                        .flatMap(kind -> ServiceRole.of(kind, System.getenv()).stream())
                        .toList();
        Grants.apply(database, roles);
    }

    private static void awaitSchema(PGSimpleDataSource database) throws InterruptedException {
        new Patience(PATIENCE)
                .until("the schema of this version", () -> Migrations.missing(database));
    }

    private static void awaitAddresses(String[] args) throws InterruptedException {
        if (args.length == 1) {
            throw new IllegalArgumentException("wait for what? HOST:PORT ...");
        }
        for (int i = 1; i < args.length; i++) {
            Address address = Address.parse(args[i]);
            new Patience(PATIENCE).until(args[i], address::unreachable);
        }
    }

    private static PGSimpleDataSource database() {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(required("WINDLASS_DATABASE_URL"));
        database.setUser(required("WINDLASS_DATABASE_USER"));
        database.setPassword(required("WINDLASS_DATABASE_PASSWORD"));
        database.setConnectTimeout(5);
        return database;
    }

    private static String required(String variable) {
        String value = System.getenv(variable);
        if (value == null || value.isBlank()) {
            throw new IllegalStateException("set " + variable);
        }
        return value;
    }
}
