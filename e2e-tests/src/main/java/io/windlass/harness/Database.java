package io.windlass.harness;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A PostgreSQL that can be killed and started again on what it has written. */
public final class Database implements AutoCloseable {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final List<Path> backups = new ArrayList<>();
    private final Path data;
    private final int port;
    private EmbeddedPostgres server;

    public Database() throws IOException {
        this.data = Files.createTempDirectory("windlass-e2e-pg");
        this.server = start(0);
        this.port = server.getPort();
    }

    private EmbeddedPostgres start(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("fsync", "on")
                .start();
    }

    /** As a former primary is; whoever is connected is cut off, since that is for new sessions. */
    public void readOnly(boolean on) throws SQLException {
        execute(
                "alter database postgres set default_transaction_read_only = "
                        + (on ? "on" : "off"),
                "select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where datname = 'postgres' and pid <> pg_backend_pid()");
    }

    /** Though it be read-only for others. */
    public void execute(String... commands) throws SQLException {
        String writing = url() + "?options=-c%20default_transaction_read_only=off";
        try (Connection connection = DriverManager.getConnection(writing, "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    public int port() {
        return port;
    }

    public void killAndStartAgain() throws IOException, InterruptedException {
        kill();
        startAgain();
    }

    /** SIGKILL to all of it. */
    public void kill() throws IOException {
        List<ProcessHandle> all = processes();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
        Files.deleteIfExists(data.resolve("postmaster.pid"));
        // there is nothing left to stop, but it holds a lock
        server.close();
    }

    /** What is on the disk at this moment, for {@link #restore}; the server dies and comes back. */
    public Path backUp() throws IOException {
        Path copy = Files.createTempDirectory("windlass-e2e-backup");
        backups.add(copy);
        kill();
        copy(data, copy);
        startAgain();
        return copy;
    }

    /** As if nothing had happened since. */
    public void restore(Path backup) throws IOException {
        kill();
        Folders.delete(data);
        Files.createDirectory(data, OWNER_ONLY);
        copy(backup, data);
        startAgain();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Path target = to.resolve(from.relativize(path).toString());
                if (!Files.isDirectory(target)) {
                    Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    public void startAgain() throws IOException {
        server = start(port);
    }

    public List<ProcessHandle> processes() throws IOException {
        long pid =
                Long.parseLong(
                        Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
        List<ProcessHandle> all = new ArrayList<>();
        ProcessHandle.of(pid)
                .ifPresent(postmaster -> {
                    all.add(postmaster);
                    postmaster.descendants().forEach(all::add);
                });
        return all;
    }

    public List<String> column(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(), "postgres", "postgres");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    /** Between two measurements that have nothing to do with each other. */
    public void forgetAllJobs() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(), "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "truncate job, job_state, job_pod, job_event, idempotency_key, log_pod, log, log_piece");
        }
    }

    public long number(String sql) throws SQLException {
        return Long.parseLong(column(sql).getFirst());
    }

    @Override
    public void close() throws IOException {
        server.close();
        Folders.delete(data);
        for (Path backup : backups) {
            Folders.delete(backup);
        }
    }
}
