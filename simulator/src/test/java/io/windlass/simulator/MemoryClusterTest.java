package io.windlass.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.cluster.Cluster;
import io.windlass.job.JobId;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

class MemoryClusterTest extends ClusterPortConformance {
    private final World world = new World(3);
    private final MemoryCluster cluster =
            new MemoryCluster(
                    INSTALLATION,
                    world,
                    world::after,
                    world.random(),
                    () -> world.upTo(Duration.ofSeconds(1)),
                    MemoryCluster.Witness.NONE);

    @Override
    Cluster cluster() {
        return cluster;
    }

    @Override
    String namespace() {
        return "default";
    }

    @Override
    int podsOf(JobId id, UUID other) {
        return cluster.jobs().stream()
                .filter(job -> job.jobId().equals(Optional.of(id)))
                .mapToInt(job -> job.pods.size())
                .sum();
    }

    @Override
    void takeOurLabelsOff(String name) {
        cluster.jobs().stream()
                .filter(job -> job.name.equals(name))
                .forEach(cluster::takeOurLabelsOff);
    }

    @Override
    void await(BooleanSupplier condition) {
        for (int i = 0; i < 600 && !condition.getAsBoolean(); i++) {
            world.runFor(Duration.ofSeconds(1));
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
