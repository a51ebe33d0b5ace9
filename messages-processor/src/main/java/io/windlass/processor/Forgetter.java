package io.windlass.processor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.store.Retention;
import jakarta.annotation.PostConstruct;
import java.time.Duration;

/**
 * Deletes what is older than anybody wants to know, a few at a time, so that nobody waits for it.
 */
@Context
final class Forgetter {
    private static final Duration BREATH = Duration.ofMillis(50);

    private final Retention retention;
    private final RetentionSettings settings;
    private final Loops loops;
    private final Counter forgotten;

    Forgetter(Retention retention, RetentionSettings settings, Loops loops, MeterRegistry metrics) {
        this.retention = retention;
        this.settings = settings;
        this.loops = loops;
        this.forgotten = metrics.counter("windlass.jobs.forgotten");
        FunctionCounter.builder("windlass.set.aside", retention, Retention::setAside)
                .tag("where", "retention")
                .register(metrics);
    }

    @PostConstruct
    void start() {
        loops.add(new Loop("forgetter", this::runOnce));
    }

    Duration runOnce() {
        int jobs = retention.deleteExpired(settings.age(), settings.perRound());
        int keys = retention.deleteExpiredKeys(settings.keys(), settings.perRound());
        int lines = retention.deleteOldLines(settings.feed());
        retention.deleteOldImageStarts();
        forgotten.increment(jobs);
        return jobs > 0 || lines > 0 || keys == settings.perRound() ? BREATH : settings.interval();
    }
}
