package io.windlass.processor;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.windlass.cluster.ClusterSettings;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.store.Census;
import jakarta.annotation.PostConstruct;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** Tells, for alerts, how the jobs of this cluster stand as a whole. */
@Context
final class CensusTaker {
    private static final Duration OFTEN = Duration.ofSeconds(15);

    private final Census census;
    private final String cluster;
    private final Loops loops;
    private volatile Census.Count last = Census.Count.NOTHING;

    CensusTaker(Census census, ClusterSettings settings, Loops loops, MeterRegistry metrics) {
        this.census = census;
        this.cluster = settings.name();
        this.loops = loops;
        gauge(metrics, "windlass.jobs.queued", Census.Count::queued);
        gauge(metrics, "windlass.jobs.live", Census.Count::live);
        gauge(metrics, "windlass.jobs.ended.pods.remain", Census.Count::podsRemain);
        gauge(metrics, "windlass.jobs.queue.head.seconds", c -> seconds(c.headWaits()));
        gauge(metrics, "windlass.checks.overdue.seconds", c -> seconds(c.overdue()));
        gauge(metrics, "windlass.events.unsequenced", Census.Count::unsequenced);
    }

    @PostConstruct
    void start() {
        loops.add(new Loop("census", this::runOnce));
    }

    Duration runOnce() {
        last = census.of(cluster);
        return OFTEN;
    }

    private void gauge(MeterRegistry metrics, String name, ToDoubleFunction<Census.Count> of) {
        Gauge.builder(name, this, taker -> of.applyAsDouble(taker.last)).register(metrics);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }
}
