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
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open while the cluster behind the name is the one that it always was, and was not declared lost.
 * Nothing is done in another.
 */
@Context
public final class ClusterGate {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterGate.class);
    private static final Duration OFTEN = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofSeconds(1);

    /** One that is not answered says nothing yet. */
    private static final int MOST_UNANSWERED = 2;

    private final Cluster cluster;
    private final Heartbeats heartbeats;
    private final String name;
    private final Wakeups wakeups;
    private final Loops loops;
    private volatile @Nullable String identity;
    private int unanswered;

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
        metrics.gauge("windlass.cluster.reachable", this, gate -> gate.isOpen() ? 1 : 0);
    }

    @PostConstruct
    void start() {
        loops.add(new Loop("cluster-gate", this::runOnce));
    }

    boolean isOpen() {
        return identity != null;
    }

    /** Of the cluster in which work may be done; null while the gate is shut. */
    @Nullable String identity() {
        return identity;
    }

    public Duration runOnce() {
        try {
            String answered = cluster.identity();
            if (answered.isEmpty()) {
                identity = null;
                LOG.error("cluster {} has no kube-system: nothing is done in it", name);
                heartbeats.heartbeat(name, null);
                return SOON;
            }
            unanswered = 0;
            answered(answered, heartbeats.heartbeat(name, answered));
            return isOpen() ? OFTEN : SOON;
        } catch (ClusterAwayException e) {
            LOG.warn("cluster {} does not answer: {}", name, e.getMessage());
            unanswered++;
            String known = heartbeats.heartbeat(name, e.refused() ? Heartbeats.UNTOLD : null);
            if (unanswered >= MOST_UNANSWERED || !Objects.equals(known, identity)) {
                // whoever answers next may be another
                identity = null;
            }
            return SOON;
        }
    }

    private void answered(String answered, @Nullable String known) {
        boolean was = isOpen();
        identity = answered.equals(known) ? known : null;
        if (!isOpen()) {
            LOG.error(
                    "cluster {} is now {}, and {}: nothing is done in it",
                    name,
                    answered,
                    known == null ? "was declared lost" : "was " + known);
        } else if (!was) {
            LOG.info("cluster {} is {}", name, identity);
            wakeups.due();
        }
    }
}
