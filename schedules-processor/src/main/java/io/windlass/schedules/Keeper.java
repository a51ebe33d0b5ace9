package io.windlass.schedules;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.windlass.schedule.Keep;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.store.Clerk;
import io.windlass.store.Retention;
import io.windlass.store.Schedules;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Forgets ended jobs beyond what their schedule keeps, a few at once. A schedule comes up here
 * whenever it was looked at (at its instants, when it was changed, at least once a day), and soon
 * after one of its runs has ended.
 */
@Context
final class Keeper {
    private static final int SCHEDULES_AT_ONCE = 500;

    /** A job is forgotten only once its Kubernetes Job is gone, which takes that long at most. */
    private static final Duration UNTIL_SETTLED = Duration.ofMinutes(15);

    private final Map<UUID, Keep> pending = new ConcurrentHashMap<>();
    private final Retention retention;
    private final Schedules schedules;
    private final Clerk clerk;
    private final SchedulesSettings settings;
    private final Counter forgotten;
    private final Loop loop;

    Keeper(
            Retention retention,
            Schedules schedules,
            Clerk clerk,
            SchedulesSettings settings,
            Loops loops,
            MeterRegistry metrics) {
        this.retention = retention;
        this.schedules = schedules;
        this.clerk = clerk;
        this.settings = settings;
        this.forgotten = metrics.counter("windlass.schedules.forgotten");
        FunctionCounter.builder("windlass.set.aside", retention, Retention::setAside)
                .tag("where", "retention")
                .register(metrics);
        this.loop = loops.add(new Loop("schedules-keep", this::runOnce));
        loops.add(new Loop("schedules-ended", this::ended));
    }

    void lookedAt(Map<UUID, Keep> kept) {
        if (!kept.isEmpty()) {
            pending.putAll(kept);
            loop.wake();
        }
    }

    private Duration ended() {
        Map<UUID, Keep> kept = new HashMap<>();
        schedules
                .endedWithin(UNTIL_SETTLED)
                .forEach(one -> clerk.keeps(one).ifPresent(keep -> kept.put(one.id(), keep)));
        lookedAt(kept);
        return settings.longestRest();
    }

    private Duration runOnce() {
        Map<UUID, Keep> these = new HashMap<>();
        pending.entrySet().stream()
                .limit(SCHEDULES_AT_ONCE)
                .forEach(one -> these.put(one.getKey(), one.getValue()));
        if (these.isEmpty()) {
            return settings.longestRest();
        }
        int gone = retention.deleteBeyond(these, settings.forgottenAtOnce());
        forgotten.increment(gone);
        if (gone == 0) {
            these.forEach(pending::remove);
        }
        return Duration.ZERO;
    }
}
