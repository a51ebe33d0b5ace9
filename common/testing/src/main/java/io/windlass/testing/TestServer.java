package io.windlass.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The PostgreSQL that tests make their databases in.
 *
 * @param url of the server, up to the name of a database
 * @param prefix of the names of this JVM's databases, which no other JVM has
 */
record TestServer(String url, String user, String password, String prefix) {
    static final String VARIABLE = "WINDLASS_TEST_DATABASE_URL";

    /** With the second in which their JVM began, so that a later one knows what is old. */
    private static final Pattern NAME = Pattern.compile("windlass_test_(\\d+)_[0-9a-f]{8}_\\d+");

    /** Several JVMs at once wait for each other. */
    private static final String ALONE = "select pg_advisory_lock(7316204518843)";

    /** Longer than any run of tests. */
    private static final Duration OLD = Duration.ofDays(1);

    private static final String ADMIN = "postgres";

    /** The one that the environment names, or one that ends with this JVM. */
    static TestServer start() {
        String named = System.getenv(VARIABLE);
        if (named != null && !named.isBlank()) {
            System.out.println("[windlass tests] database: that of " + VARIABLE);
            return staying(named);
        }
        return switch (TestEngine.chosen()) {
            case EMBEDDED -> at(url(embedded().getPort()), ADMIN, ADMIN);
            case CONTAINERS -> container();
        };
    }

    static TestServer staying(String url) {
        PGSimpleDataSource parsed = new PGSimpleDataSource();
        try {
            parsed.setUrl(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    VARIABLE + " is jdbc:postgresql://HOST:PORT/postgres?user=...&password=...", e);
        }
        Object[] address = {
            Objects.requireNonNull(parsed.getServerNames())[0],
            Objects.requireNonNull(parsed.getPortNumbers())[0]
        };
        TestServer server =
                at(
                        "jdbc:postgresql://%s:%s/".formatted(address),
                        otherwise(parsed.getUser()),
                        otherwise(parsed.getPassword()));
        server.dropOld();
        Runtime.getRuntime().addShutdownHook(new Thread(server::dropOwn));
        return server;
    }

    private static String otherwise(@Nullable String given) {
        return given == null ? ADMIN : given;
    }

    private static TestServer at(String url, String user, String password) {
        return new TestServer(url, user, password, prefix(Instant.now()));
    }

    static String prefix(Instant begin) {
        byte[] random = new byte[4];
        new Random().nextBytes(random);
        return "windlass_test_%d_%s_"
                .formatted(begin.getEpochSecond(), HexFormat.of().formatHex(random));
    }

    /** Left by a JVM that was killed; a database of anybody else has no such name. */
    static boolean isOld(String database, Instant now) {
        Matcher name = NAME.matcher(database);
        return name.matches()
                && Instant.ofEpochSecond(Long.parseLong(name.group(1))).plus(OLD).isBefore(now);
    }

    TestDatabase database(String name) {
        return new TestDatabase(url + name, user, password);
    }

    Connection connection() throws SQLException {
        return DriverManager.getConnection(url + ADMIN, user, password);
    }

    void dropOld() {
        Instant now = Instant.now();
        drop(databases().stream().filter(name -> isOld(name, now)).toList());
    }

    void dropOwn() {
        drop(databases().stream().filter(name -> name.startsWith(prefix)).toList());
    }

    private void drop(List<String> names) {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.execute(ALONE);
            for (String name : names) {
                statement.execute("drop database if exists " + name + " with (force)");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot drop databases of tests", e);
        }
    }

    List<String> databases() {
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select datname from pg_database")) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        } catch (SQLException e) {
            throw new IllegalStateException("no PostgreSQL for the tests at " + url, e);
        }
    }

    static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/";
    }

    /** Kept open: it ends with its JVM. */
    static EmbeddedPostgres embedded() {
        try {
            return EmbeddedPostgres.builder().setServerConfig("synchronous_commit", "on").start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TestServer container() {
        PostgreSQLContainer server =
                new PostgreSQLContainer(DockerImageName.parse("postgres:18"))
                        .withDatabaseName(ADMIN);
        server.start();
        return at(
                "jdbc:postgresql://%s:%d/"
                        .formatted(
                                server.getHost(),
                                server.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT)),
                server.getUsername(),
                server.getPassword());
    }
}
