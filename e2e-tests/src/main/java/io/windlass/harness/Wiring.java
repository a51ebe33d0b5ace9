package io.windlass.harness;

import io.windlass.testing.TestQueueServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How one process reaches the database, the queue and the cluster. */
public interface Wiring extends AutoCloseable {
    Map<String, String> environment(String process) throws IOException;

    @Override
    void close() throws IOException;

    /** Nothing in between. */
    record Direct(Database database, Path kubeconfig) implements Wiring {
        @Override
        public Map<String, String> environment(String process) {
            return Map.of(
                    "WINDLASS_QUEUE_ENDPOINT", TestQueueServer.running().endpoint().toString(),
                    "WINDLASS_DATABASE_URL", database.url(),
                    "WINDLASS_CLUSTER_KUBECONFIG", kubeconfig.toString());
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    /** A wire of its own for each process to each thing. */
    final class Proxied implements Wiring {
        private static final Pattern SERVER = Pattern.compile("https://127\\.0\\.0\\.1:(\\d+)");

        public enum To {
            DATABASE,
            QUEUE,
            CLUSTER
        }

        public record Wire(String process, To to, TcpProxy proxy) {}

        private final Database database;
        private final Path kubeconfig;
        private final int queue;
        private final List<Wire> wires = new ArrayList<>();
        private final List<Path> kubeconfigs = new ArrayList<>();

        public Proxied(Database database, Path kubeconfig, int queuePort) {
            this.database = database;
            this.kubeconfig = kubeconfig;
            this.queue = queuePort;
        }

        public static Proxied withoutMischief(Database database, Path kubeconfig) {
            URI endpoint = TestQueueServer.running().endpoint();
            return new Proxied(database, kubeconfig, endpoint.getPort());
        }

        @Override
        public Map<String, String> environment(String process) throws IOException {
            String config = Files.readString(kubeconfig);
            Matcher server = SERVER.matcher(config);
            if (!server.find()) {
                throw new IllegalStateException("the API server is not on loopback");
            }
            int toCluster = wire(process, To.CLUSTER, Integer.parseInt(server.group(1)));
            Path own = Files.createTempFile("windlass-e2e", ".kubeconfig");
            kubeconfigs.add(own);
            Files.writeString(
                    own, config.replace(server.group(), "https://127.0.0.1:" + toCluster));
            int toDatabase = wire(process, To.DATABASE, database.port());
            Map<String, String> environment = new HashMap<>();
            environment.put(
                    "WINDLASS_QUEUE_ENDPOINT",
                    "http://127.0.0.1:" + wire(process, To.QUEUE, queue));
            environment.put(
                    "WINDLASS_DATABASE_URL",
                    "jdbc:postgresql://127.0.0.1:" + toDatabase + "/postgres");
            environment.put("WINDLASS_CLUSTER_KUBECONFIG", own.toString());
            return environment;
        }

        private int wire(String process, To to, int target) throws IOException {
            TcpProxy proxy = new TcpProxy(target);
            wires.add(new Wire(process, to, proxy));
            return proxy.port();
        }

        public List<Wire> wires() {
            return List.copyOf(wires);
        }

        public TcpProxy wire(String process, To to) {
            return wires.stream()
                    .filter(w -> w.process().equals(process) && w.to() == to)
                    .findFirst()
                    .orElseThrow()
                    .proxy();
        }

        @Override
        public void close() throws IOException {
            for (Wire wire : wires) {
                wire.proxy().close();
            }
            for (Path own : kubeconfigs) {
                Files.deleteIfExists(own);
            }
        }
    }
}
