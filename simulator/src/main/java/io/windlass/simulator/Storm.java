package io.windlass.simulator;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What breaks whole processes, or takes work away, now and then. */
final class Storm {
    private static final Duration BETWEEN_BLOWS = Duration.ofSeconds(10);
    private static final Duration LONGEST_OUTAGE = Duration.ofSeconds(40);
    private static final Duration LONGEST_FREEZE = Duration.ofSeconds(90);
    private static final Duration LONGEST_SLEEP = Duration.ofHours(23);

    private final World world;
    private final Climate climate;
    private final MemoryCluster cluster;
    private final List<MemoryQueue> queues;
    private final Oracle oracle;
    private final List<SimulatedProcess> servers;
    private final boolean lossComes;
    private int blows;
    private boolean oneSleeps;
    private @Nullable Runnable clusterBackup;

    Storm(
            World world,
            Climate climate,
            MemoryCluster cluster,
            List<MemoryQueue> queues,
            Oracle oracle,
            List<SimulatedProcess> servers,
            boolean lossComes) {
        this.world = world;
        this.climate = climate;
        this.cluster = cluster;
        this.queues = queues;
        this.oracle = oracle;
        this.servers = servers;
        this.lossComes = lossComes;
    }

    int blows() {
        return blows;
    }

    /** Of the processes one stands still for hours. */
    boolean oneSleeps() {
        return oneSleeps;
    }

    boolean mayRestoreTheCluster() {
        return clusterBackup != null;
    }

    /** Something happens to somebody, and so on while the storm lasts. */
    void blow() {
        world.after(
                world.upTo(BETWEEN_BLOWS.multipliedBy(2)),
                () -> {
                    if (world.nanos() < Simulation.STORM.toNanos()) {
                        strike(climate.now());
                        blow();
                    }
                });
    }

    private void strike(Weather weather) {
        SimulatedProcess victim = servers.get(world.random().nextInt(servers.size()));
        if (world.chance(weather.killed()) && victim.up()) {
            blows++;
            victim.kill();
            world.after(world.upTo(LONGEST_OUTAGE), victim::begin);
        }
        SimulatedProcess other = servers.get(world.random().nextInt(servers.size()));
        if (world.chance(weather.frozen()) && other.up()) {
            blows++;
            freeze(other, LONGEST_FREEZE);
        }
        if (!oneSleeps && world.chance(weather.frozenForHours()) && other.up()) {
            blows++;
            oneSleeps = true;
            freeze(other, LONGEST_SLEEP);
        }
        if (world.chance(weather.jobDeleted())) {
            meddle();
        }
        if (world.chance(0.05)) {
            queues.forEach(MemoryQueue::purge);
        }
        restoreCluster(weather);
    }

    private void freeze(SimulatedProcess process, Duration longest) {
        Duration length = world.upTo(longest);
        oracle.promptness().frozen(length);
        process.freeze(length);
    }

    private void meddle() {
        List<MemoryJob> jobs = cluster.jobs();
        if (jobs.isEmpty()) {
            return;
        }
        MemoryJob job = jobs.get(world.random().nextInt(jobs.size()));
        if (world.random().nextBoolean()) {
            List.copyOf(job.pods).forEach(pod -> cluster.evict(job, pod));
        } else if (job.owner != null) {
            blows++;
            job.jobId().ifPresent(oracle::meddled);
            cluster.deleteBySomebodyElse(job);
        }
    }

    private void restoreCluster(Weather weather) {
        if (weather.etcdRestored() == 0 || lossComes) {
            return;
        }
        if (clusterBackup == null) {
            clusterBackup = cluster.snapshot();
        } else if (world.random().nextInt(10) == 0) {
            blows++;
            clusterBackup.run();
            oracle.clusterRestored(cluster.jobs());
        }
    }
}
