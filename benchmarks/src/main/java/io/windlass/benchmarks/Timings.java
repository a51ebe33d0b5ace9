package io.windlass.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Many durations of one thing; may be added to by many threads. */
final class Timings {
    private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());

    interface Work {
        void run() throws Exception;
    }

    static Timings of(int times, Work work) throws Exception {
        Timings timings = new Timings();
        for (int i = 0; i < times; i++) {
            long begin = System.nanoTime();
            work.run();
            timings.add(System.nanoTime() - begin);
        }
        return timings;
    }

    void add(long took) {
        nanos.add(took);
    }

    int count() {
        return nanos.size();
    }

    double millis(double percentile) {
        List<Long> sorted;
        synchronized (nanos) {
            sorted = new ArrayList<>(nanos);
        }
        Collections.sort(sorted);
        int index = (int) Math.ceil(percentile / 100 * sorted.size()) - 1;
        return sorted.get(Math.max(0, index)) / 1e6;
    }

    @Override
    public String toString() {
        return "p50 %.1f ms, p99 %.1f ms".formatted(millis(50), millis(99));
    }
}
