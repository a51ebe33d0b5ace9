package io.windlass.processor;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.windlass.cluster.ClusterSettings;
import io.windlass.job.Surroundings;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.store.OutageBoard;
import jakarta.annotation.PostConstruct;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells registries and nodes in trouble from images that are wrong one by one. */
@Context
public final class OutageWatch {
    private static final Logger LOG = LoggerFactory.getLogger(OutageWatch.class);
    private static final Duration OFTEN = Duration.ofSeconds(2);

    private final OutageBoard board;
    private final OutageSettings settings;
    private final String cluster;
    private final Wakeups wakeups;
    private final Loops loops;
    private final AtomicInteger count = new AtomicInteger();
    private Set<Surroundings.Outage> known = Set.of();

    public OutageWatch(
            OutageBoard board,
            OutageSettings settings,
            ClusterSettings cluster,
            Wakeups wakeups,
            Loops loops,
            MeterRegistry metrics) {
        this.board = board;
        this.settings = settings;
        this.cluster = cluster.name();
        this.wakeups = wakeups;
        this.loops = loops;
        metrics.gauge("windlass.outages", count);
    }

    @PostConstruct
    void start() {
        loops.add(new Loop("outage-watch", this::runOnce));
    }

    Duration runOnce() {
        List<Surroundings.Outage> on = settings.outages().among(board.failing(cluster));
        Set<Surroundings.Outage> now =
                new HashSet<>(board.note(cluster, on, settings.remembered()));
        count.set(now.size());
        if (!now.equals(known)) {
            LOG.warn("outages of cluster {}: {}", cluster, now.isEmpty() ? "none any more" : now);
            known = now;
            if (board.lookAtThoseThatPull(cluster) > 0) {
                wakeups.due();
            }
        }
        return OFTEN;
    }
}
