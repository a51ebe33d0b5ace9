package io.windlass.web;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How many calls may be under way that each do the work of many, of one caller and of all. Who
 * finds no place is told to come again.
 */
@Singleton
final class BatchLimit {
    private final int most;
    private final int mostOfOne;
    private final Map<String, Integer> byCaller = new HashMap<>();
    private int taken;

    @Inject
    BatchLimit(ApiSettings settings) {
        this(settings.maxBatches(), settings.maxBatchesPerCaller());
    }

    private BatchLimit(int most, int mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    static BatchLimit of(int most, int mostOfOne) {
        return new BatchLimit(most, mostOfOne);
    }

    /** Until it is closed. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    synchronized Place take(String caller) {
        int own = byCaller.getOrDefault(caller, 0);
        if (taken == most || own >= mostOfOne) {
            throw new ProblemException(
                    Problem.TOO_MANY_BATCHES,
                    "%d calls of this caller and %d of all that do the work of many are under way; send it again"
                            .formatted(own, taken));
        }
        taken++;
        byCaller.put(caller, own + 1);
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false)) {
                giveBack(caller);
            }
        };
    }

    private synchronized void giveBack(String caller) {
        taken--;
        byCaller.computeIfPresent(caller, (name, own) -> own == 1 ? null : own - 1);
    }
}
