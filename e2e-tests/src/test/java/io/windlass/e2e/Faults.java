package io.windlass.e2e;

import io.windlass.harness.Queues;
import io.windlass.harness.Service;
import io.windlass.harness.Signals;
import io.windlass.harness.Stack;
import io.windlass.harness.TcpProxy;
import io.windlass.harness.Wiring;
import io.windlass.testing.TestSize;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

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

    /** Faults of one kind happen one after another; those of the two kinds meet. */
    enum Where {
        /** Our own processes and their wires. */
        NEAR,
        /** What they stand on: the database, the queues, the cluster. */
        BELOW
    }

    /**
     * Longer than leases and claims at full size; in two minutes that would be nearly the only
     * fault.
     */
    static final Duration FROZEN = Duration.ofSeconds(TestSize.of(20, 45));

    private final Stack stack;
    private final Wiring.Proxied wiring;
    private final ClusterTool tool;
    private final Map<Where, Random> randoms = new EnumMap<>(Where.class);
    private final Map<Where, List<Fault>> catalogue = new EnumMap<>(Where.class);
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Map<String, Integer> hit = new ConcurrentSkipListMap<>();

    Faults(Stack stack, Wiring.Proxied wiring, ClusterTool tool, long seed) {
        this.stack = stack;
        this.wiring = wiring;
        this.tool = tool;
        for (Where where : Where.values()) {
            randoms.put(where, new Random(seed * 31 + where.ordinal()));
            catalogue.put(where, new ArrayList<>());
        }
        Duration moment = Duration.ofSeconds(1);
        Duration while15 = Duration.ofSeconds(15);
        add(Where.NEAR, "kill -9 of a service", 20, Duration.ofSeconds(5), this::killService);
        add(Where.NEAR, "kill -9 of both of a service", 6, Duration.ofSeconds(8), this::killBoth);
        add(Where.NEAR, "SIGSTOP of a service", 14, FROZEN, this::freezeService);
        add(Where.NEAR, "a wire cut", 10, while15, () -> wire(TcpProxy.Mode.CUT));
        add(Where.NEAR, "a wire held", 10, Duration.ofSeconds(25), () -> wire(TcpProxy.Mode.HOLD));
        add(Where.NEAR, "a wire late", 8, while15, () -> wire(TcpProxy.Mode.LATE));
        add(Where.BELOW, "kill -9 of PostgreSQL", 5, Duration.ofSeconds(6), this::killDatabase);
        add(Where.BELOW, "SIGSTOP of PostgreSQL", 3, Duration.ofSeconds(12), this::freezeDatabase);
        add(Where.BELOW, "pg_terminate_backend on all", 6, moment, this::terminateBackends);
        add(Where.BELOW, "queues purged", 6, moment, this::purge);
        add(
                Where.BELOW,
                "kill -9 of the API server",
                3,
                moment,
                () -> restarted("--kill", "apiserver"));
        add(Where.BELOW, "history compacted, API server restarted", 2, moment, this::compact);
        add(Where.BELOW, "kill -9 of etcd", 1, moment, () -> restarted("--kill", "etcd"));
        add(
                Where.BELOW,
                "kill -9 of the controller manager",
                2,
                moment,
                () -> restarted("--kill", "controller-manager"));
        add(Where.BELOW, "kill -9 of the kubelet", 2, moment, () -> restarted("--kill", "kubelet"));
        add(Where.BELOW, "API server answers 429", 2, Duration.ofSeconds(20), this::overloaded);
        add(
                Where.BELOW,
                "SIGSTOP of the API server",
                3,
                Duration.ofSeconds(12),
                this::freezeApiServer);
    }

    private void add(Where where, String kind, int weight, Duration most, Breaking breaking) {
        catalogue.get(where).add(new Fault(kind, weight, most, breaking));
    }

    /** Breaks something, waits, mends it. */
    void oneMore(Where where) throws IOException, InterruptedException {
        Random random = randoms.get(where);
        Fault fault = choose(catalogue.get(where), random);
        long length = random.nextLong(fault.most().toMillis());
        broken(fault.kind(), fault.breaking(), Duration.ofMillis(length));
        if (where == Where.NEAR) {
            revive();
        }
        // some of the time all is well, or nothing would ever end in between
        Thread.sleep(random.nextLong(4_000));
    }

    /** The longest of all, once in a run. */
    void databaseAway(Duration length) throws IOException, InterruptedException {
        broken("PostgreSQL away for " + length.toSeconds() + " s", this::killDatabase, length);
    }

    private void broken(String kind, Breaking breaking, Duration length)
            throws IOException, InterruptedException {
        count(kind);
        System.out.printf("[faults] %s, %d ms%n", kind, length.toMillis());
        Mending mending = breaking.begin();
        try {
            Thread.sleep(length);
        } finally {
            mending.mend();
        }
    }

    private static Fault choose(List<Fault> faults, Random random) {
        int dice = random.nextInt(faults.stream().mapToInt(Fault::weight).sum());
        for (Fault fault : faults) {
            dice -= fault.weight();
            if (dice < 0) {
                return fault;
            }
        }
        throw new IllegalStateException();
    }

    private synchronized void count(String kind) {
        counts.merge(kind, 1, Integer::sum);
    }

    private int near(int choices) {
        return randoms.get(Where.NEAR).nextInt(choices);
    }

    Map<String, Integer> counts() {
        return counts;
    }

    /** What ended by itself, since something it needs was away when it began, is begun again. */
    void revive() throws IOException {
        for (Service service : stack.all()) {
            if (service.startedAgainIfDead()) {
                count("(a service that ended by itself, begun again)");
            }
        }
    }

    /** As started by its tool, with its usual flags. */
    void clusterIsWell() throws IOException, InterruptedException {
        tool(Map.of(), "restart", "apiserver");
        tool(Map.of(), "up");
    }

    /** Whose processes are killed and frozen. */
    List<String> services() {
        return stack.all().stream().map(Service::module).distinct().toList();
    }

    /** How often a process of each was killed or frozen. */
    Map<String, Integer> hit() {
        return hit;
    }

    private Service anyService() {
        return hit(stack.all().get(near(stack.all().size())));
    }

    private Service hit(Service service) {
        hit.merge(service.module(), 1, Integer::sum);
        return service;
    }

    private Mending killService() throws InterruptedException {
        Service service = anyService();
        service.kill();
        return service::startAgain;
    }

    private Mending killBoth() throws InterruptedException {
        List<Service> pair = stack.services(services().get(near(services().size())));
        for (Service service : pair) {
            hit(service).kill();
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
        Wiring.Proxied.Wire wire = wires.get(near(wires.size()));
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
        if (!tool.succeeds(environment, words)) {
            System.out.println("[faults] the cluster's tool failed: " + List.of(words));
        }
    }
}
