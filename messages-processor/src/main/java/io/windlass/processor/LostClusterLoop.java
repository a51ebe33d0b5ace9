package io.windlass.processor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.windlass.cluster.ClusterSettings;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.store.LostJobs;
import io.windlass.store.Progressions;
import jakarta.annotation.PostConstruct;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works off what somebody has declared of this cluster, a portion at a time. */
@Context
public final class LostClusterLoop {
    private static final Logger LOG = LoggerFactory.getLogger(LostClusterLoop.class);
    private static final int PORTION = 500;
    private static final Duration OFTEN = Duration.ofSeconds(1);

    private final LostJobs jobs;
    private final String cluster;
    private final Wakeups wakeups;
    private final Loops loops;
    private final MeterRegistry metrics;
    private final Counter setAside;

    public LostClusterLoop(
            LostJobs jobs,
            ClusterSettings cluster,
            Wakeups wakeups,
            Loops loops,
            MeterRegistry metrics) {
        this.jobs = jobs;
        this.cluster = cluster.name();
        this.wakeups = wakeups;
        this.loops = loops;
        this.metrics = metrics;
        this.setAside = metrics.counter("windlass.set.aside", "where", "lost-cluster");
    }

    @PostConstruct
    void start() {
        loops.add(new Loop("lost-cluster", this::runOnce));
    }

    public Duration runOnce() {
        LostJobs.Round round = jobs.goOn(cluster, PORTION);
        setAside.increment(round.setAside());
        int ended = 0;
        for (Progressions.Step step : round.steps()) {
            ended += step.ends() ? 1 : 0;
            EndedJobs.count(metrics, step.job(), step.decision());
        }
        if (!round.steps().isEmpty()) {
            LOG.info("cluster {}: {} jobs of a lost one were ended", cluster, ended);
            wakeups.history();
            wakeups.room();
            wakeups.due();
        }
        return round.more() ? Duration.ZERO : OFTEN;
    }
}
