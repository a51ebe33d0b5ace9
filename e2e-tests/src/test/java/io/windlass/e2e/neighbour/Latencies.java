package io.windlass.e2e.neighbour;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** How long each took. */
record Latencies(List<Duration> sorted) {
    static Latencies of(Collection<Duration> all) {
        return new Latencies(all.stream().sorted().toList());
    }

    /** The least that so much of a hundred do not exceed. */
    Duration percentile(int hundredths) {
        if (sorted.isEmpty()) {
            throw new IllegalStateException("nothing was measured");
        }
        int rank = (int) Math.ceil(hundredths / 100.0 * sorted.size());
        return sorted.get(Math.max(1, rank) - 1);
    }

    String text() {
        return sorted.isEmpty()
                ? "nothing"
                : "%d jobs, p50 %d ms, p95 %d ms, longest %d ms"
                        .formatted(
                                sorted.size(),
                                percentile(50).toMillis(),
                                percentile(95).toMillis(),
                                sorted.getLast().toMillis());
    }
}
