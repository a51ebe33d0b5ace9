package io.windlass.processor;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.windlass.cluster.Cluster;
import io.windlass.cluster.ClusterAwayException;
import io.windlass.cluster.ClusterSettings;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.store.Heartbeats;
import jakarta.annotation.PostConstruct;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open while the cluster behind the name is the one that it always was. Nothing is done in another.
 */
@Context
public final class ClusterGate {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterGate.class);
    private static final Duration OFTEN = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final Heartbeats heartbeats;
    private final String name;
    private final Wakeups wakeups;
    private final Loops loops;
    private volatile boolean open;

    public ClusterGate(
            Cluster cluster,
            Heartbeats heartbeats,
            ClusterSettings settings,
            Wakeups wakeups,
            Loops loops,
            MeterRegistry metrics) {
        this.cluster = cluster;
        this.heartbeats = heartbeats;
        this.name = settings.name();
        this.wakeups = wakeups;
        this.loops = loops;
        metrics.gauge("windlass.cluster.reachable", this, gate -> gate.open ? 1 : 0);
    }

    @PostConstruct
    void start() {
        loops.add(new Loop("cluster-gate", this::runOnce));
    }

    boolean isOpen() {
        return open;
    }

    public Duration runOnce() {
        boolean was = open;
        try {
            String identity = cluster.identity();
            if (identity.isEmpty()) {
                open = false;
                LOG.error("cluster {} has no kube-system: nothing is done in it", name);
                return SOON;
            }
            String known = heartbeats.heartbeat(name, identity);
            open = known.equals(identity);
            if (!open) {
                LOG.error(
                        "cluster {} was {} and is now {}: nothing is done in it",
                        name,
                        known,
                        identity);
            } else if (!was) {
                LOG.info("cluster {} is {}", name, identity);
                wakeups.due();
            }
        } catch (ClusterAwayException e) {
            LOG.warn("cluster {} does not answer: {}", name, e.getMessage());
        }
        return open ? OFTEN : SOON;
    }
}
