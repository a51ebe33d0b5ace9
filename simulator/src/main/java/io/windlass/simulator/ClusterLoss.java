package io.windlass.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/**
 * In some runs the cluster goes for good, another comes under its address, and somebody declares
 * the first one lost, before or after that. A creator is frozen in its POST across all of it.
 */
final class ClusterLoss {
    private static final int ONE_OF = 8;
    private static final Duration EARLIEST = Duration.ofSeconds(40);
    private static final Duration LATEST = Duration.ofSeconds(100);
    private static final Duration BEFORE = Duration.ofSeconds(30);
    private static final Duration SHORTEST_GAP = Duration.ofMinutes(1);

    /** No sooner is a declaration accepted. */
    private static final Duration SILENCE = Duration.ofMinutes(5);

    /** The storm is longer. */
    private static final Duration ALL_DONE = Duration.ofMinutes(6);

    private static final Duration LONGEST_FREEZE = Duration.ofMinutes(30);

    private final World world;
    private final MemoryCluster cluster;
    private final MemoryStore store;
    private final Oracle oracle;
    private final boolean comes;

    /** Of its own, so that other runs stay as they are. */
    private final SplittableRandom random;

    private boolean freezesNext;
    private Instant heardAt = Instant.EPOCH;

    ClusterLoss(long seed, World world, MemoryCluster cluster, MemoryStore store, Oracle oracle) {
        this.world = world;
        this.cluster = cluster;
        this.store = store;
        this.oracle = oracle;
        this.random = new SplittableRandom(seed ^ 0x10c1_0572);
        this.comes = random.nextInt(ONE_OF) == 0;
    }

    boolean comes() {
        return comes;
    }

    private Duration between(Duration least, Duration most) {
        return Duration.ofMillis(random.nextLong(least.toMillis(), most.toMillis()));
    }

    void begin() {
        if (!comes) {
            return;
        }
        Duration goes = between(EARLIEST, LATEST);
        world.after(goes.minus(BEFORE), () -> freezesNext = true);
        world.after(
                goes,
                () -> {
                    world.traced("the cluster goes");
                    heardAt = world.instant();
                    oracle.clusterGoes();
                    cluster.goForGood();
                });
        world.after(goes.plus(between(SHORTEST_GAP, ALL_DONE)), this::anotherComes);
        world.after(goes.plus(between(SILENCE, ALL_DONE)), this::declare);
    }

    private void anotherComes() {
        world.traced("another cluster comes");
        oracle.anotherClusterComes();
        cluster.anotherComes();
    }

    private void declare() {
        world.traced("the cluster is declared lost");
        oracle.clusterLost();
        store.losses().declare(Processor.CLUSTER, "an operator", heardAt);
    }

    /** It holds a claim, and has begun. */
    void beforeAPost(SimulatedProcess process) {
        if (freezesNext) {
            freezesNext = false;
            Duration length = between(SILENCE, LONGEST_FREEZE);
            oracle.promptness().frozen(length);
            process.freeze(length);
        }
    }
}
