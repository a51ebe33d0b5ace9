package io.windlass.e2e;

import io.windlass.testing.TestQueueServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * All services as processes, two of each, on a real database, a real queue and the cluster of a
 * kubeconfig.
 */
final class Stack implements AutoCloseable {
    private static final Map<String, String> MAIN =
            Map.of(
                    "web-server", "io.windlass.web.Application",
                    "messages-processor", "io.windlass.processor.Application",
                    "job-status-processor", "io.windlass.jobstatus.Application",
                    "pod-events-processor", "io.windlass.podevents.Application");

    static final List<String> MODULES =
            List.of(
                    "web-server",
                    "messages-processor",
                    "job-status-processor",
                    "pod-events-processor");

    private final String cluster = "e2e-" + UUID.randomUUID().toString().substring(0, 8);
    private final String installation = UUID.randomUUID().toString();
    private final Map<String, List<Service>> services = new LinkedHashMap<>();
    private final Database database;
    private final Wiring wiring;
    private final Path logs;
    private final String token = UUID.randomUUID().toString();

    /** How the processes of this stack are wired to a database that has just been started. */
    interface Wired {
        Wiring to(Database database) throws IOException;
    }

    Stack(Path kubeconfig, Map<String, String> settings) throws IOException, InterruptedException {
        this(settings, database -> new Wiring.Direct(database, kubeconfig));
    }

    Stack(Map<String, String> settings, Wired wired) throws IOException, InterruptedException {
        logs = Files.createDirectories(Path.of("target", "e2e-logs", cluster));
        database = new Database(Files.createTempDirectory("windlass-e2e-pg"));
        wiring = wired.to(database);
        Map<String, String> environment = new HashMap<>(settings);
        TestQueueServer queue = TestQueueServer.running();
        environment.put("WINDLASS_QUEUE_REGION", queue.region());
        environment.put("AWS_ACCESS_KEY_ID", queue.accessKey());
        environment.put("AWS_SECRET_ACCESS_KEY", queue.secretKey());
        environment.put("WINDLASS_INSTALLATION_ID", installation);
        environment.put("WINDLASS_INSTALLATION_KEY", "a key that is long enough");
        environment.put("WINDLASS_DATABASE_USER", "postgres");
        environment.put("WINDLASS_DATABASE_PASSWORD", "postgres");
        environment.put("WINDLASS_API_TOKEN", token);
        environment.put("WINDLASS_API_CLUSTERS", cluster);
        environment.put("WINDLASS_CLUSTER_NAME", cluster);
        migrate(environment);
        for (String module : MODULES) {
            List<Service> pair = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Map<String, String> own = new HashMap<>(environment);
                own.putAll(wiring.environment(module + "-" + i));
                pair.add(new Service(module, MAIN.get(module), own, logs));
            }
            services.put(module, pair);
        }
        services.values().forEach(pair -> pair.forEach(Service::awaitReady));
    }

    private void migrate(Map<String, String> settings) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("WINDLASS_DATABASE_URL", database.url());
        try (Service migrations =
                new Service("migrations", "io.windlass.migrations.Main", environment, logs)) {
            if (migrations.awaitExit() != 0) {
                throw new IllegalStateException(Files.readString(migrations.log()));
            }
        }
    }

    Api api() {
        return api(0);
    }

    Api api(int replica) {
        return new Api("http://127.0.0.1:" + services.get("web-server").get(replica).port(), token);
    }

    List<Service> all() {
        return services.values().stream().flatMap(List::stream).toList();
    }

    List<Service> services(String module) {
        return services.get(module);
    }

    Database database() {
        return database;
    }

    String installation() {
        return installation;
    }

    String cluster() {
        return cluster;
    }

    Path logs() {
        return logs;
    }

    @Override
    public void close() throws IOException {
        for (List<Service> pair : services.values()) {
            for (Service service : pair) {
                service.close();
            }
        }
        wiring.close();
        database.close();
    }
}
