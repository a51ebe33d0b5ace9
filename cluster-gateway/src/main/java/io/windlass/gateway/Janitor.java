package io.windlass.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.windlass.log.LogObjects;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.store.LogAttic;
import jakarta.annotation.PostConstruct;
import java.time.Duration;
import java.util.List;

/** Throws away what the bounds of the logs leave over, a little at a time. */
@Context
final class Janitor {
    private static final int SOME = 500;
    private static final int PIECES = 5_000;
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration SELDOM = Duration.ofMinutes(1);

    private final LogAttic attic;
    private final LogObjects objects;
    private final LogSettings settings;
    private final Loops loops;
    private final Counter dropped;

    Janitor(
            LogAttic attic,
            LogObjects objects,
            LogSettings settings,
            Loops loops,
            MeterRegistry metrics) {
        this.attic = attic;
        this.objects = objects;
        this.settings = settings;
        this.loops = loops;
        this.dropped = metrics.counter("windlass.logs.dropped");
    }

    @PostConstruct
    void start() {
        loops.add(new Loop("log-garbage", this::clear));
        loops.add(new Loop("log-bounds", this::bound));
    }

    /** The object first: a key that stays behind is tried again. */
    Duration clear() {
        List<String> keys = attic.garbage(SOME);
        if (!keys.isEmpty()) {
            objects.delete(keys);
            attic.cleared(keys);
        }
        return keys.size() == SOME ? Duration.ZERO : SOON;
    }

    Duration bound() {
        int some =
                attic.dropOlderThan(settings.keepFor(), SOME)
                        + attic.dropBeyond(settings.keepStored(), SOME);
        dropped.increment(some);
        int pieces = attic.deletePieces(PIECES);
        return some >= SOME || pieces > 0 ? Duration.ZERO : SELDOM;
    }
}
