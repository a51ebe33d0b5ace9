package io.windlass.harness;

import io.windlass.testing.TestQueueServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * All services as processes, two of each, on a real database, a real queue and the cluster of a
 * kubeconfig.
 */
public final class Stack implements AutoCloseable {
    private static final Map<String, String> MAIN =
            Map.of(
                    "web-server", "io.windlass.web.Application",
                    "messages-processor", "io.windlass.processor.Application",
                    "job-status-processor", "io.windlass.jobstatus.Application",
                    "pod-events-processor", "io.windlass.podevents.Application",
                    "schedules-processor", "io.windlass.schedules.Application",
                    "cluster-gateway", "io.windlass.gateway.Application");

    public static final List<String> MODULES =
            List.of(
                    "web-server",
                    "messages-processor",
                    "job-status-processor",
                    "pod-events-processor",
                    "schedules-processor",
                    "cluster-gateway");

    /** Those that have a user of the database. */
    private static final List<String> WITH_DATABASE =
            List.of("web-server", "messages-processor", "schedules-processor", "cluster-gateway");

    private final String cluster = "e2e-" + UUID.randomUUID().toString().substring(0, 8);
    private final String installation = UUID.randomUUID().toString();
    private final Map<String, List<Service>> services = new LinkedHashMap<>();
    private final Database database;
    private final Wiring wiring;
    private final Path logs;
    private final Plan plan;
    private final String token = UUID.randomUUID().toString();

    /**
     * How many of each, with what.
     *
     * @param archived starts from archives of classes, which takes half the time
     */
    public record Plan(
            Map<String, String> settings,
            int replicas,
            List<String> javaOptions,
            List<String> modules,
            boolean archived) {
        /** Small and quick to start, as tests want them. */
        private static final List<String> SMALL =
                List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx320m");

        /** These modules with these options alone: for tests that count or measure what they do. */
        public Plan(
                Map<String, String> settings,
                int replicas,
                List<String> javaOptions,
                List<String> modules) {
            this(settings, replicas, javaOptions, modules, false);
        }

        public static Plan pairs(Map<String, String> settings) {
            return new Plan(settings, 2, SMALL, MODULES, true);
        }
    }

    /** How the processes of this stack are wired to a database that has just been started. */
    public interface Wired {
        Wiring to(Database database) throws IOException;
    }

    public Stack(Path kubeconfig, Map<String, String> settings)
            throws IOException, InterruptedException {
        this(Plan.pairs(settings), database -> new Wiring.Direct(database, kubeconfig));
    }

    /** One process of each service, for tests in which none dies: ready in half of the time. */
    public static Stack ofSingles(Path kubeconfig, Map<String, String> settings)
            throws IOException, InterruptedException {
        return new Stack(
                new Plan(settings, 1, Plan.SMALL, MODULES, true),
                database -> new Wiring.Direct(database, kubeconfig));
    }

    public Stack(Map<String, String> settings, Wired wired)
            throws IOException, InterruptedException {
        this(Plan.pairs(settings), wired);
    }

    public Stack(Plan plan, Wired wired) throws IOException, InterruptedException {
        this.plan = plan;
        logs = Files.createDirectories(Path.of("target", "e2e-logs", cluster));
        database = new Database();
        try {
            wiring = wired.to(database);
        } catch (IOException | RuntimeException e) {
            database.close();
            throw e;
        }
        try {
            start();
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void start() throws IOException, InterruptedException {
        Map<String, String> environment = environment();
        migrate();
        for (String module : plan.modules()) {
            List<Service> pair = new ArrayList<>();
            services.put(module, pair);
            for (int i = 0; i < plan.replicas(); i++) {
                Map<String, String> own = new HashMap<>(environment);
                own.putAll(wiring.environment(module + "-" + i));
                own.put("WINDLASS_DATABASE_USER", module);
                pair.add(
                        new Service(
                                module,
                                MAIN.get(module),
                                own,
                                plan.javaOptions(),
                                classes(i),
                                logs));
            }
        }
        all().forEach(Service::awaitReady);
    }

    private Service.Classes classes(int replica) {
        if (!plan.archived()) {
            return Service.Classes.JARS;
        }
        return replica == 0 ? Service.Classes.WRITES_ARCHIVE : Service.Classes.ARCHIVE;
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(plan.settings());
        TestQueueServer queue = TestQueueServer.running();
        environment.put("WINDLASS_QUEUE_REGION", queue.region());
        environment.put("AWS_ACCESS_KEY_ID", queue.accessKey());
        environment.put("AWS_SECRET_ACCESS_KEY", queue.secretKey());
        environment.put("WINDLASS_INSTALLATION_ID", installation);
        environment.put("WINDLASS_INSTALLATION_KEY", "a key that is long enough");
        environment.put("WINDLASS_DATABASE_PASSWORD", "postgres");
        // what the tests' own jobs ask for
        environment.putIfAbsent("WINDLASS_JOBS_ALLOW", "*:host-path");
        environment.putIfAbsent("WINDLASS_JOBS_SERVICE_ACCOUNTS", "*:absent");
        // simulated nodes have no logs and say 400; a job stays in the cluster while they are asked
        environment.putIfAbsent("WINDLASS_LOGS_GIVE_UP", "1s");
        environment.put("WINDLASS_API_TOKEN", token);
        environment.put("WINDLASS_API_CLUSTERS", cluster);
        environment.put("WINDLASS_CLUSTER_NAME", cluster);
        return environment;
    }

    /** What runs before each web-server: a pod that is made again runs it again. */
    public void migrate() throws IOException, InterruptedException {
        Map<String, String> environment = environment();
        environment.put("WINDLASS_DATABASE_URL", database.url());
        environment.put("WINDLASS_DATABASE_USER", "postgres");
        for (String module : WITH_DATABASE) {
            String prefix =
                    "WINDLASS_DATABASE_" + module.toUpperCase(Locale.ROOT).replace('-', '_');
            environment.put(prefix + "_USER", module);
            environment.put(prefix + "_PASSWORD", "postgres");
        }
        try (Service migrations =
                new Service(
                        "migrations",
                        "io.windlass.migrations.Main",
                        environment,
                        plan.javaOptions(),
                        classes(0),
                        logs)) {
            if (migrations.awaitExit() != 0) {
                throw new IllegalStateException(Files.readString(migrations.log()));
            }
        }
    }

    public String token() {
        return token;
    }

    public Api api() {
        return api(0);
    }

    public Api api(int replica) {
        return new Api("http://127.0.0.1:" + services.get("web-server").get(replica).port(), token);
    }

    public List<Service> all() {
        return services.values().stream().flatMap(List::stream).toList();
    }

    public List<Service> services(String module) {
        return services.get(module);
    }

    public Database database() {
        return database;
    }

    public String installation() {
        return installation;
    }

    public String cluster() {
        return cluster;
    }

    public Path logs() {
        return logs;
    }

    @Override
    public void close() throws IOException {
        try {
            Service.stopAll(all());
        } finally {
            try {
                wiring.close();
            } finally {
                database.close();
            }
        }
    }
}
