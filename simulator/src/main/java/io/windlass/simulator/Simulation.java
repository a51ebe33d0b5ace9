package io.windlass.simulator;

import io.micrometer.core.instrument.MeterRegistry;
import io.windlass.cluster.Cluster;
import io.windlass.job.Decider;
import io.windlass.job.JobId;
import io.windlass.job.JobIdentity;
import io.windlass.job.Rules;
import io.windlass.messages.Installation;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One run of one seed: first a storm in which nothing untrue may be said, then calm in which
 * everything must end, then a day after which nothing may be left.
 */
public final class Simulation {
    static final Duration STORM = Duration.ofMinutes(8);
    private static final Duration CALM = Duration.ofMinutes(60);

    /** Where half of a small window hangs, the others go through the rest of it one by one. */
    private static final Duration LONGEST_CALM = Duration.ofHours(3);

    /** The longest that a failed Job is kept where nothing was taken over, and a little more. */
    private static final Duration TO_SETTLE = Duration.ofMinutes(13);

    private static final Duration DAY = Duration.ofHours(25);
    private static final Duration IN_CALM = Duration.ofMinutes(2);
    private static final Duration STEP = Duration.ofMinutes(1);
    private static final UUID INSTALLATION =
            UUID.fromString("11111111-2222-4333-8444-555555555555");

    /** In one run of four a webhook of this namespace hangs until all others have ended. */
    private static final String HUNG = "hung";

    /** Of its own: a lost node and a hanging webhook come together or alone. */
    private static final long OF_HUNG_RUNS = 0x4a46;

    private static final int HUNG_JOBS = 4;
    private static final int HUNG_FROM = 1_000;

    /**
     * In every other of these runs. In the rest none is made until the webhook answers, and no node
     * is lost: they and the jobs on it would fill the window of the cluster.
     */
    private static final double MADE_NEVERTHELESS = 0.1;

    /** What came of it; the trace is the same where the run was the same. */
    public record Outcome(
            long seed, List<String> violations, long trace, int jobs, int blows, int answers) {}

    private final long seed;
    private final World world;
    private final Climate climate;
    private final MemoryStore store;
    private final MemoryCluster cluster;
    private final MemoryQueue requests;
    private final MemoryQueue observations;
    private final Oracle oracle;
    private final Polls polls;
    private final Storm storm;
    private final ClusterLoss loss;
    private final Installation installation =
            new Installation(INSTALLATION, "a key that is long enough", List.of());
    private final Decider decider = new Decider(Rules.DEFAULT, INSTALLATION);
    private final MeterRegistry metrics;
    private final List<SimulatedProcess> servers = new ArrayList<>();
    private final List<Meant> wanted = new ArrayList<>();

    private Simulation(long seed, MeterRegistry metrics) {
        this.seed = seed;
        this.metrics = metrics;
        world = new World(seed);
        climate = new Climate(Weather.of(world.random()));
        store = new MemoryStore(world);
        oracle = new Oracle(world, store);
        InstantSource skewed = () -> world.instant().plus(climate.now().skew());
        cluster =
                new MemoryCluster(
                        INSTALLATION,
                        skewed,
                        world::after,
                        world.random(),
                        () -> world.upTo(climate.pace()),
                        oracle);
        oracle.sees(cluster);
        requests = new MemoryQueue(world, Duration.ofSeconds(30), 5);
        observations = new MemoryQueue(world, Duration.ofSeconds(30), 5);
        polls = new Polls(world, climate);
        store.whenDue(polls::due);
        cluster.whenChanged(polls::changed);
        loss = new ClusterLoss(seed, world, cluster, store, oracle);
        storm =
                new Storm(
                        world,
                        climate,
                        cluster,
                        List.of(requests, observations),
                        oracle,
                        servers,
                        loss.comes());
    }

    public static Outcome run(long seed, MeterRegistry metrics) {
        return new Simulation(seed, metrics).run();
    }

    private Outcome run() {
        List<String> refusals = new ArrayList<>();
        store.listen(oracle::written, refusals::add);
        for (int i = 0; i < 2; i++) {
            oracle.promptness().answersAreOf(server("processor-" + i, this::processor));
            server("job-watcher-" + i, process -> watcher(process, false));
            server("pod-watcher-" + i, process -> watcher(process, true));
        }
        SplittableRandom ofHungRuns = new SplittableRandom(seed ^ OF_HUNG_RUNS);
        boolean hangs = ofHungRuns.nextInt(4) == 0;
        boolean noneIsMade = hangs && ofHungRuns.nextBoolean();
        if (hangs) {
            createsHang(noneIsMade ? 0 : MADE_NEVERTHELESS);
        }
        int jobs = 4 + world.random().nextInt(8);
        for (int i = 0; i < jobs; i++) {
            customers(Meant.one(i, world.random()), world.upTo(STORM.dividedBy(2)));
        }
        if (!noneIsMade) {
            maybeLoseANode(jobs);
        }
        maybeEditJobs();
        storm.blow();
        loss.begin();
        boolean databaseComesBack = world.chance(climate.now().databaseRestored()) && !loss.comes();
        if (databaseComesBack) {
            Runnable backup = backupLater();
            world.runFor(STORM);
            oracle.databaseRestored();
            backup.run();
            climate.clears(false);
            world.runFor(CALM);
        } else {
            world.runFor(STORM);
            climate.clears(world.random().nextBoolean());
            moreCome(wanted.size());
            untilAllHaveEnded(meant -> !meant.namespace().equals(HUNG));
            oracle.haveEnded(meant -> !meant.namespace().equals(HUNG));
            climate.createsHangNoMore();
            untilAllHaveEnded(meant -> true);
            oracle.haveEnded(meant -> true);
            cluster.farNodeComesBack();
            world.runFor(TO_SETTLE);
            if (storm.oneSleeps() || !allSettled()) {
                climate.quietDay();
                world.runFor(DAY);
            }
            oracle.nothingIsLeft(cluster);
            oracle.theFeedIsWhole();
        }
        oracle.refused(refusals);
        return new Outcome(
                seed,
                List.copyOf(oracle.violations()),
                world.trace(),
                wanted.size(),
                storm.blows(),
                oracle.promptness().answers());
    }

    /** By numbers of its own, so that the other seeds have the runs that they have. */
    private void maybeLoseANode(int first) {
        SplittableRandom own = new SplittableRandom(~seed);
        if (own.nextInt(4) > 0) {
            return;
        }
        cluster.farNodeOpens();
        int jobs = 1 + own.nextInt(3);
        for (int i = first; i < first + jobs; i++) {
            customers(Meant.tooLong(i, own), Duration.ofSeconds(own.nextInt(240)));
        }
        world.after(Duration.ofSeconds(own.nextInt(480)), cluster::farNodeGoes);
    }

    /** Of Jobs that their rows wait for: by whom another was made only its labels tell. */
    private void maybeEditJobs() {
        SplittableRandom own = new SplittableRandom(seed ^ 0x5eed);
        for (int edits = own.nextInt(8) == 0 ? 3 : 0; edits > 0; edits--) {
            world.after(
                    Duration.ofSeconds(own.nextInt(480)),
                    () ->
                            cluster.jobs().stream()
                                    .filter(this::isAwaited)
                                    .skip(own.nextInt(3))
                                    .findFirst()
                                    .ifPresent(cluster::takeOurLabelsOff));
        }
    }

    private boolean isAwaited(MemoryJob job) {
        return job.jobId()
                .map(store::row)
                .map(row -> row.job().progress())
                .filter(progress -> job.uid.equals(progress.kubernetesUid()))
                .filter(progress -> !progress.settled())
                .isPresent();
    }

    /**
     * Once the last consequence of the storm is over: their answers are waited for by the clock.
     */
    private void moreCome(int first) {
        Duration calm = oracle.promptness().clears(storm.mayRestoreTheCluster());
        int jobs = 2 + world.random().nextInt(4);
        for (int i = first; i < first + jobs; i++) {
            customers(Meant.soonOver(i, world.random()), calm.plus(world.upTo(IN_CALM)));
        }
    }

    /** They come first, and could take all places of those that have not started. */
    private void createsHang(double madeNevertheless) {
        climate.createsHangIn(HUNG, madeNevertheless);
        for (int i = 0; i < HUNG_JOBS; i++) {
            customers(Meant.good(HUNG_FROM + i, HUNG), Duration.ofMillis(i));
        }
    }

    /** Of some moment in the storm. */
    private Runnable backupLater() {
        Runnable[] backup = {store.backup()};
        world.after(world.upTo(STORM), () -> backup[0] = store.backup());
        return () -> backup[0].run();
    }

    private void untilAllHaveEnded(Predicate<Meant> these) {
        for (Duration passed = Duration.ZERO;
                passed.compareTo(LONGEST_CALM) < 0 && !allEnded(these);
                passed = passed.plus(STEP)) {
            world.runFor(STEP);
        }
    }

    private boolean allEnded(Predicate<Meant> these) {
        return store.rows().size() == wanted.size() && oracle.allEnded(these);
    }

    private boolean allSettled() {
        return cluster.jobs().stream().allMatch(job -> job.owner == null)
                && store.rows().stream().allMatch(row -> row.job().progress().settled());
    }

    private SimulatedProcess server(String name, Consumer<SimulatedProcess> main) {
        SimulatedProcess[] self = new SimulatedProcess[1];
        SimulatedProcess process =
                new SimulatedProcess(
                        world, name, world.random().nextBoolean(), () -> main.accept(self[0]));
        self[0] = process;
        servers.add(process);
        process.begin();
        return process;
    }

    private Wires wires(SimulatedProcess process) {
        return new Wires(world, process, climate, store, cluster, loss);
    }

    private void processor(SimulatedProcess process) {
        new Processor(
                        process,
                        climate,
                        wires(process),
                        installation,
                        decider,
                        requests,
                        observations,
                        polls,
                        loss.comes(),
                        metrics)
                .begin();
    }

    private void watcher(SimulatedProcess process, boolean pods) {
        new Watcher(
                        world,
                        process,
                        climate,
                        cluster,
                        pods,
                        wires(process).queue(observations),
                        installation,
                        polls)
                .begin();
    }

    /** One client, or two with the same key. */
    private void customers(Meant meant, Duration begin) {
        wanted.add(meant);
        if (meant.kind() == Meant.Kind.LATE_SECRET) {
            world.after(
                    world.upTo(Duration.ofMinutes(6)),
                    () -> cluster.makeSecret("default", meant.secret()));
        }
        int clients = world.random().nextInt(4) == 0 ? 2 : 1;
        for (int i = 0; i < clients; i++) {
            SimulatedProcess[] self = new SimulatedProcess[1];
            self[0] = new SimulatedProcess(world, "client", false, () -> want(self[0], meant));
            world.after(begin, self[0]::begin);
        }
    }

    private void want(SimulatedProcess process, Meant meant) {
        Customer customer =
                new Customer(
                        world,
                        process,
                        oracle,
                        wires(process),
                        decider,
                        requests,
                        installation,
                        meant);
        JobId id = customer.submit();
        if (world.random().nextInt(40) == 0) {
            strangerTakesTheName(meant, id);
        }
        customer.maybeCancel(id);
    }

    private void strangerTakesTheName(Meant meant, JobId id) {
        String name = JobIdentity.kubernetesName("job-" + meant.number(), id, 1);
        Map<String, @Nullable Object> stranger =
                Map.of(
                        "metadata",
                        Map.of("name", name, "labels", Map.of()),
                        "spec",
                        Map.of("backoffLimit", 0, "template", Map.of("spec", Map.of())));
        if (cluster.create("default", stranger) instanceof Cluster.Creation.Made made) {
            oracle.strangerCame(made.job().uid());
        }
    }
}
