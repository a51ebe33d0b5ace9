package io.windlass.standalone;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A real PostgreSQL as a child of this JVM; what is in it stays. */
final class Postgres implements AutoCloseable {
    private static final Duration STARTUP = Duration.ofSeconds(60);
    private static final String PASSWORD_ONLY =
            """
            # written by Windlass: nobody gets in without the installation's password
            local all all scram-sha-256
            host all all 127.0.0.1/32 scram-sha-256
            host all all ::1/128 scram-sha-256
            """;

    private final EmbeddedPostgres server;
    private final long pid;

    private Postgres(EmbeddedPostgres server, long pid) {
        this.server = server;
        this.pid = pid;
    }

    static Postgres start(Path data, String password) throws IOException {
        Path cluster = data.resolve("postgres");
        stopLeftover(cluster);
        boolean fresh = !Files.exists(cluster.resolve("windlass-password-set"));
        EmbeddedPostgres.Builder builder =
                EmbeddedPostgres.builder()
                        .setDataDirectory(cluster)
                        .setCleanDataDirectory(false)
                        .setOverrideWorkingDirectory(data.resolve("postgres-binaries").toFile())
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("fsync", "on")
                        .setServerConfig("full_page_writes", "on")
                        .setServerConfig("listen_addresses", "127.0.0.1")
                        .setServerConfig("unix_socket_directories", "")
                        .setServerConfig("max_connections", "100")
                        .setPGStartupWait(STARTUP)
                        // a hook of its own would stop it while others still store what they have
                        .setRegisterShutdownHook(false);
        if (!fresh) {
            builder.setConnectConfig("password", password);
        }
        EmbeddedPostgres server = builder.start();
        if (fresh) {
            lock(server, cluster, password);
        }
        return new Postgres(server, runningPid(cluster).orElse(-1L));
    }

    private static void lock(EmbeddedPostgres server, Path cluster, String password)
            throws IOException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("alter user postgres password '" + password + "'");
            Files.writeString(cluster.resolve("pg_hba.conf"), PASSWORD_ONLY);
            statement.execute("select pg_reload_conf()");
            Files.writeString(cluster.resolve("windlass-password-set"), "");
        } catch (SQLException e) {
            throw new IllegalStateException("the database's password cannot be set", e);
        }
    }

    /** A server that outlived its JVM: it is told to end, as it would have been. */
    private static void stopLeftover(Path cluster) throws IOException {
        Optional<ProcessHandle> leftover =
                runningPid(cluster)
                        .flatMap(ProcessHandle::of)
                        .filter(p ->
                                p.info().command().filter(c -> c.contains("postgres")).isPresent());
        if (leftover.isPresent()) {
            ProcessHandle process = leftover.get();
            interrupt(process.pid());
            try {
                process.onExit().get(20, TimeUnit.SECONDS);
            } catch (TimeoutException | ExecutionException e) {
                process.destroyForcibly();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** SIGINT is PostgreSQL's fast shutdown; Java has no word for it. */
    private static void interrupt(long pid) throws IOException {
        new ProcessBuilder("kill", "-INT", Long.toString(pid)).start();
    }

    private static Optional<Long> runningPid(Path cluster) throws IOException {
        Path file = cluster.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        return lines.isEmpty()
                ? Optional.empty()
                : Optional.of(Long.parseLong(lines.getFirst().strip()));
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
    }

    long pid() {
        return pid;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
