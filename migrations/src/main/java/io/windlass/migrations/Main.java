package io.windlass.migrations;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
    private static final String URL = "WINDLASS_DATABASE_URL";
    private static final String USER = "WINDLASS_DATABASE_USER";
    private static final String PASSWORD = "WINDLASS_DATABASE_PASSWORD";
    private static final List<String> DATABASE = List.of(URL, USER, PASSWORD);

    private Main() {}

    public static void main(String[] args) throws InterruptedException, SQLException {
        try {
            run(args, System.getenv());
        } catch (Refusal e) {
            e.lines().forEach(LOG::error);
            System.exit(1);
        }
    }

    static void run(String[] args, Map<String, String> environment)
            throws InterruptedException, SQLException {
        String verb = args.length == 0 ? "migrate" : args[0];
        switch (verb) {
            case "migrate" -> migrate(environment);
            case "wait-for-schema" -> awaitSchema(environment);
            case "wait" -> awaitAddresses(args);
            default ->
                    throw new Refusal(
                            verb + ": not one of migrate, wait-for-schema, wait HOST:PORT ...");
        }
    }

    private static void migrate(Map<String, String> environment) throws SQLException {
        List<String> wanted = new ArrayList<>(DATABASE);
        for (ServiceRole.Kind kind : ServiceRole.Kind.values()) {
            ServiceRole.passwordOf(kind, environment).ifPresent(wanted::add);
        }
        expect(wanted, environment);
        PGSimpleDataSource database = database(environment);
        DatabaseConnection.check(database);
        LOG.info("{} migrations applied", Migrations.apply(database));
        List<ServiceRole> roles =
                Arrays.stream(ServiceRole.Kind.values())
                        .flatMap(kind -> ServiceRole.of(kind, environment).stream())
                        .toList();
        Grants.apply(database, roles);
    }

    private static void awaitSchema(Map<String, String> environment) throws InterruptedException {
        expect(DATABASE, environment);
        PGSimpleDataSource database = database(environment);
        new Patience(PATIENCE)
                .until("the schema of this version", () -> Migrations.missing(database));
    }

    private static void awaitAddresses(String[] args) throws InterruptedException {
        if (args.length == 1) {
            throw new Refusal("wait for what? HOST:PORT ...");
        }
        for (int i = 1; i < args.length; i++) {
            Address address = Address.parse(args[i]);
            new Patience(PATIENCE).until(args[i], address::unreachable);
        }
    }

    private static PGSimpleDataSource database(Map<String, String> environment) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(environment.get(URL));
        database.setUser(environment.get(USER));
        database.setPassword(environment.get(PASSWORD));
        database.setConnectTimeout(5);
        return database;
    }

    private static void expect(List<String> variables, Map<String, String> environment) {
        List<String> missing =
                variables.stream()
                        .filter(variable -> environment.getOrDefault(variable, "").isBlank())
                        .map(variable -> "set " + variable)
                        .toList();
        if (!missing.isEmpty()) {
            throw new Refusal(missing);
        }
    }
}
