package io.windlass.e2e;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL that can be killed and started again on what it has written. */
final class Database implements AutoCloseable {
    private final Path data;
    private final int port;
    private EmbeddedPostgres server;

    Database(Path data) throws IOException {
        this.data = data;
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

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    int port() {
        return port;
    }

    void killAndStartAgain() throws IOException, InterruptedException {
        kill();
        startAgain();
    }

    /** SIGKILL to all of it. */
    void kill() throws IOException {
        List<ProcessHandle> all = processes();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
        Files.deleteIfExists(data.resolve("postmaster.pid"));
        // there is nothing left to stop, but it holds a lock
        server.close();
    }

    void startAgain() throws IOException {
        server = start(port);
    }

    List<ProcessHandle> processes() throws IOException {
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

    List<String> column(String sql) throws SQLException {
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

    long number(String sql) throws SQLException {
        return Long.parseLong(column(sql).getFirst());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
