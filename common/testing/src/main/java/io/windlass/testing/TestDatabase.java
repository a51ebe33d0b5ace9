package io.windlass.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** One real PostgreSQL per test JVM, and as many empty databases in it as tests ask for. */
public record TestDatabase(String url, String user, String password) {
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static final class Server {
        static final TestDatabase ADMIN =
                switch (TestEngine.chosen()) {
                    case EMBEDDED -> embedded();
                    case CONTAINERS -> container();
                };
    }

    public static TestDatabase create() {
        TestDatabase admin = Server.ADMIN;
        String name = "test_" + NAMES.incrementAndGet();
        try (Connection connection = admin.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("no database for the test", e);
        }
        return new TestDatabase(
                admin.url().replaceFirst("/postgres(\\?|$)", "/" + name + "$1"),
                admin.user(),
                admin.password());
    }

    public DataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(url);
        dataSource.setUser(user);
        dataSource.setPassword(password);
        return dataSource;
    }

    private static TestDatabase embedded() {
        try {
            // kept open: the server ends with this JVM
            EmbeddedPostgres server =
                    EmbeddedPostgres.builder().setServerConfig("synchronous_commit", "on").start();
            return new TestDatabase(
                    "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres",
                    "postgres",
                    "postgres");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TestDatabase container() {
        PostgreSQLContainer server =
                new PostgreSQLContainer(DockerImageName.parse("postgres:18"))
                        .withDatabaseName("postgres");
        server.start();
        return new TestDatabase(server.getJdbcUrl(), server.getUsername(), server.getPassword());
    }
}
