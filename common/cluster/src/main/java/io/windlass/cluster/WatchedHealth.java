package io.windlass.cluster;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How the watches of this process fare: for metrics and for liveness. */
@Singleton
public final class WatchedHealth {
    /**
     * So long without a word, and without having been rebuilt, means that the process should be.
     */
    private static final Duration DEAD = Duration.ofMinutes(5);

    private final Map<String, List<? extends Watch<?>>> watches = new ConcurrentHashMap<>();
    private final MeterRegistry metrics;

    WatchedHealth(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    public void watch(String name, List<? extends Watch<?>> of) {
        watches.put(name, of);
        metrics.gauge("windlass.watch.age.seconds." + name, of, WatchedHealth::oldest);
        metrics.gauge(
                "windlass.watch.rebuilt." + name,
                of,
                list -> list.stream().mapToInt(Watch::rebuilt).sum());
    }

    private static double oldest(List<? extends Watch<?>> of) {
        return of.stream().mapToDouble(w -> w.age().toMillis() / 1000.0).max().orElse(0);
    }

    public boolean alive() {
        return watches.values().stream()
                .flatMap(List::stream)
                .noneMatch(watch -> watch.age().compareTo(DEAD) > 0);
    }
}
