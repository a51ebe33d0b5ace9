package io.windlass.schedules;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.store.AccountingSettings;
import io.windlass.store.ScheduleHealth.Trouble;
import io.windlass.store.Schedules;
import jakarta.annotation.PostConstruct;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/** Tells, for alerts, how many schedules do not do what they are there for. */
@Context
final class DeadMan {
    private static final Duration OFTEN = Duration.ofSeconds(30);

    /** More are all the same to an alert. */
    private static final int MOST = 10_000;

    private final Schedules schedules;
    private final AccountingSettings settings;
    private final Loops loops;
    private volatile Map<Trouble, Long> last = Map.of();

    DeadMan(Schedules schedules, AccountingSettings settings, Loops loops, MeterRegistry metrics) {
        this.schedules = schedules;
        this.settings = settings;
        this.loops = loops;
        for (Trouble trouble : Trouble.values()) {
            Gauge.builder("windlass.schedules.troubled", this, man -> man.count(trouble))
                    .tag("trouble", trouble.name())
                    .register(metrics);
        }
    }

    @PostConstruct
    void start() {
        loops.add(new Loop("schedules-troubled", this::runOnce));
    }

    Duration runOnce() {
        Instant now = Instant.now();
        Map<Trouble, Long> counts = new EnumMap<>(Trouble.class);
        schedules.inTrouble(null, settings.failingAfter(), MOST).stream()
                .flatMap(one -> one.health().troubles(now, settings.failingAfter()).stream())
                .forEach(trouble -> counts.merge(trouble, 1L, Long::sum));
        last = Map.copyOf(counts);
        return OFTEN;
    }

    private double count(Trouble trouble) {
        return last.getOrDefault(trouble, 0L);
    }
}
