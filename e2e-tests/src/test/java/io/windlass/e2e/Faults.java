package io.windlass.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** All that can be broken in a running stack, and how each is mended again. */
final class Faults {
    /** Something that is broken until it is mended. */
    interface Mending {
        void mend() throws IOException, InterruptedException;
    }

    private interface Breaking {
        Mending begin() throws IOException, InterruptedException;
    }

    private record Fault(String kind, int weight, Duration most, Breaking breaking) {}

    private final Stack stack;
    private final Wiring.Proxied wiring;
    private final Path tool;
    private final Random random;
    private final List<Fault> catalogue = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();

    Faults(Stack stack, Wiring.Proxied wiring, Path tool, long seed) {
        this.stack = stack;
        this.wiring = wiring;
        this.tool = tool;
        this.random = new Random(seed);
        Duration moment = Duration.ofSeconds(1);
        Duration while15 = Duration.ofSeconds(15);
        add("kill -9 of a service", 20, Duration.ofSeconds(5), this::killService);
        add("kill -9 of both of a service", 6, Duration.ofSeconds(8), this::killBoth);
        add("SIGSTOP of a service", 14, Duration.ofSeconds(45), this::freezeService);
        add("a wire cut", 10, while15, () -> wire(TcpProxy.Mode.CUT));
        add("a wire held", 10, Duration.ofSeconds(25), () -> wire(TcpProxy.Mode.HOLD));
        add("a wire late", 8, while15, () -> wire(TcpProxy.Mode.LATE));
        add("kill -9 of PostgreSQL", 5, Duration.ofSeconds(6), this::killDatabase);
        add("SIGSTOP of PostgreSQL", 3, Duration.ofSeconds(12), this::freezeDatabase);
        add("pg_terminate_backend on all", 6, moment, this::terminateBackends);
        add("queues purged", 6, moment, this::purge);
        add("kill -9 of the API server", 3, moment, () -> restarted("--kill", "apiserver"));
        add("history compacted, API server restarted", 2, moment, this::compact);
        add("kill -9 of etcd", 1, moment, () -> restarted("--kill", "etcd"));
        add(
                "kill -9 of the controller manager",
                2,
                moment,
                () -> restarted("--kill", "controller-manager"));
        add("kill -9 of the kubelet", 2, moment, () -> restarted("--kill", "kubelet"));
        add("API server answers 429", 2, Duration.ofSeconds(20), this::overloaded);
        add("SIGSTOP of the API server", 3, Duration.ofSeconds(12), this::freezeApiServer);
    }

    private void add(String kind, int weight, Duration most, Breaking breaking) {
        catalogue.add(new Fault(kind, weight, most, breaking));
    }

    /** Breaks something, waits, mends it. */
    void oneMore() throws IOException, InterruptedException {
        Fault fault = choose();
        broken(
                fault.kind(),
                fault.breaking(),
                Duration.ofMillis(random.nextLong(fault.most().toMillis())));
    }

    /** The longest of all, once in a run. */
    void databaseAway(Duration length) throws IOException, InterruptedException {
        broken("PostgreSQL away for " + length.toSeconds() + " s", this::killDatabase, length);
    }

    private void broken(String kind, Breaking breaking, Duration length)
            throws IOException, InterruptedException {
        counts.merge(kind, 1, Integer::sum);
        System.out.printf("[faults] %s, %d ms%n", kind, length.toMillis());
        Mending mending = breaking.begin();
        try {
            Thread.sleep(length);
        } finally {
            mending.mend();
        }
        revive();
    }

    private Fault choose() {
        int dice = random.nextInt(catalogue.stream().mapToInt(Fault::weight).sum());
        for (Fault fault : catalogue) {
            dice -= fault.weight();
            if (dice < 0) {
                return fault;
            }
        }
        throw new IllegalStateException();
    }

    Map<String, Integer> counts() {
        return counts;
    }

    /** What ended by itself, since something it needs was away when it began, is begun again. */
    void revive() throws IOException {
        for (Service service : stack.all()) {
            if (service.startedAgainIfDead()) {
                counts.merge("(a service that ended by itself, begun again)", 1, Integer::sum);
            }
        }
    }

    private Service anyService() {
        return stack.all().get(random.nextInt(stack.all().size()));
    }

    private Mending killService() throws InterruptedException {
        Service service = anyService();
        service.kill();
        return service::startAgain;
    }

    private Mending killBoth() throws InterruptedException {
        List<Service> pair =
                stack.services(Stack.MODULES.get(random.nextInt(Stack.MODULES.size())));
        for (Service service : pair) {
            service.kill();
        }
        return () -> {
            for (Service service : pair) {
                service.startAgain();
            }
        };
    }

    private Mending freezeService() throws IOException {
        return frozen(List.of(anyService().process()));
    }

    private static Mending frozen(List<ProcessHandle> processes) throws IOException {
        Signals.stop(processes);
        return () -> Signals.goOn(processes);
    }

    private Mending wire(TcpProxy.Mode mode) {
        List<Wiring.Proxied.Wire> wires = wiring.wires();
        Wiring.Proxied.Wire wire = wires.get(random.nextInt(wires.size()));
        wire.proxy().set(mode);
        return () -> wire.proxy().set(TcpProxy.Mode.PASS);
    }

    private Mending killDatabase() throws IOException {
        stack.database().kill();
        return stack.database()::startAgain;
    }

    private Mending freezeDatabase() throws IOException {
        return frozen(stack.database().processes());
    }

    private Mending terminateBackends() {
        try {
            stack.database()
                    .column(
                            "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'");
        } catch (SQLException e) {
            // it is just coming back from something else
            System.out.println("[faults] " + e.getMessage());
        }
        return () -> {};
    }

    private Mending purge() throws IOException, InterruptedException {
        Queues.purge(stack.cluster());
        return () -> {};
    }

    private Mending compact() throws IOException, InterruptedException {
        tool(Map.of(), "compact");
        return restarted("apiserver");
    }

    private Mending restarted(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("restart"));
        command.addAll(List.of(words));
        tool(Map.of(), command.toArray(String[]::new));
        return () -> {};
    }

    private Mending overloaded() throws IOException, InterruptedException {
        tool(
                Map.of(
                        "CLUSTER_APISERVER_FLAGS",
                        "--max-mutating-requests-inflight=1 --max-requests-inflight=2 --enable-priority-and-fairness=false"),
                "restart",
                "apiserver");
        return () -> tool(Map.of(), "restart", "apiserver");
    }

    private Mending freezeApiServer() throws IOException {
        return frozen(
                ProcessHandle.allProcesses()
                        .filter(p -> p.info().command().orElse("").endsWith("kube-apiserver"))
                        .toList());
    }

    private void tool(Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(tool.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        stack.logs().resolve("cluster-tool.log").toFile()));
        builder.environment().putAll(new HashMap<>(environment));
        if (builder.start().waitFor() != 0) {
            System.out.println("[faults] the cluster's tool failed: " + command);
        }
    }
}
