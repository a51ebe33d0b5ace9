package io.windlass.standalone;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.windlass.migrations.Migrations;
import io.windlass.service.WindlassServer;
import io.windlass.standalone.localcluster.LocalCluster;
import io.windlass.web.WebDefaults;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts together and takes them apart again, in the opposite order. */
final class Standalone implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Standalone.class);
    private static final List<String> LOOPBACK = List.of("127.0.0.1", "localhost", "[::1]");

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Options options;
    private int port;

    private Standalone(Options options) {
        this.options = options;
    }

    static Standalone start(Options options) throws IOException {
        Standalone standalone = new Standalone(options);
        try {
            standalone.begin();
            return standalone;
        } catch (IOException | RuntimeException e) {
            standalone.close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    private void begin() throws IOException {
        Path data = options.data();
        Files.createDirectories(data);
        keepOthersOut(data);
        lock(data);
        Secrets secrets = Secrets.of(data);
        Postgres postgres = Postgres.start(data, secrets.databasePassword());
        parts.push(new Watchdog(postgres.pid()));
        parts.push(postgres);
        migrate(postgres, secrets);
        int queuePort = startQueue();
        ApplicationContext context =
                services(properties(secrets, postgres, queuePort, startCluster(data)));
        parts.push(context);
        port = context.getBean(EmbeddedServer.class).getPort();
    }

    /** It holds a token, a key, a database and what jobs wrote. */
    private static void keepOthersOut(Path data) throws IOException {
        if (Files.getFileStore(data).supportsFileAttributeView(PosixFileAttributeView.class)) {
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private void lock(Path data) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new IllegalStateException(
                    "another Windlass runs on "
                            + data
                            + "; stop it, or give this one its own --data");
        }
        parts.push(channel);
    }

    private static void migrate(Postgres postgres, Secrets secrets) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(postgres.url());
        database.setUser("postgres");
        database.setPassword(secrets.databasePassword());
        Migrations.apply(database);
    }

    private int startQueue() {
        SQSRestServer queue =
                SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
        parts.push(queue::stopAndWait);
        return queue.waitUntilStarted().localAddress().getPort();
    }

    private @Nullable Path startCluster(Path data) throws IOException {
        if (options.realCluster()) {
            return options.kubeconfig();
        }
        LocalCluster cluster = LocalCluster.start(data.resolve("cluster"), options.namespaces());
        parts.push(cluster);
        return cluster.kubeconfig();
    }

    private Map<String, Object> properties(
            Secrets secrets, Postgres postgres, int queuePort, @Nullable Path kubeconfig)
            throws IOException {
        Map<String, Object> all =
                new HashMap<>(WindlassServer.defaults("windlass", Options.DEFAULT_PORT));
        all.putAll(WebDefaults.properties());
        all.put("micronaut.server.host", "127.0.0.1");
        int serverPort = options.port() == 0 ? freePort() : options.port();
        all.put("micronaut.server.port", serverPort);
        all.put("windlass.gateway.address", "http://127.0.0.1:" + serverPort);
        all.remove("endpoints.all.port");
        all.put("windlass.installation.id", secrets.id().toString());
        all.put("windlass.installation.key", secrets.key());
        all.put("windlass.api.token", secrets.token());
        all.put("windlass.api.caller", "local");
        all.put("windlass.api.hosts", LOOPBACK);
        all.put("windlass.database.url", postgres.url());
        all.put("windlass.database.user", "postgres");
        all.put("windlass.database.password", secrets.databasePassword());
        all.put("windlass.database.connections", 20);
        all.put("windlass.database.patience", "5s");
        all.put("windlass.queue.endpoint", "http://127.0.0.1:" + queuePort);
        all.put("windlass.queue.region", "elasticmq");
        if (kubeconfig != null) {
            all.put("windlass.cluster.kubeconfig", kubeconfig.toString());
        }
        if (options.context() != null) {
            all.put("windlass.cluster.context", options.context());
        }
        if (!options.namespaces().isEmpty()) {
            all.put("windlass.cluster.namespaces", options.namespaces());
            all.put("windlass.api.namespaces", options.namespaces());
        }
        return all;
    }

    /** The services speak to each other: each must know it before it listens. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static ApplicationContext services(Map<String, Object> properties) {
        // ElasticMQ takes any credentials, but the client wants some
        System.setProperty("aws.accessKeyId", "local");
        System.setProperty("aws.secretAccessKey", "local");
        ApplicationContext context =
                ApplicationContext.builder()
                        .banner(false)
                        .deduceEnvironment(false)
                        .properties(properties)
                        .build()
                        .start();
        context.getBean(EmbeddedServer.class).start();
        return context;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} did not stop cleanly", part, e);
            }
        }
    }
}
