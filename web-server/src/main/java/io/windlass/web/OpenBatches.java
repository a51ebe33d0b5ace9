package io.windlass.web;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The calls that each do the work of many and are open at once, of one caller and of all: they
 * bound what is held of their bodies and streams. Who comes when there are enough is told so at
 * once. What an open call stores, it stores in {@link BatchPlaces}.
 */
@Singleton
final class OpenBatches {
    private final int most;
    private final int mostOfOne;
    private final Map<String, Integer> byCaller = new HashMap<>();
    private int taken;

    @Inject
    OpenBatches(ApiSettings settings) {
        this(settings.maxBatches(), settings.maxBatchesPerCaller());
    }

    private OpenBatches(int most, int mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    static OpenBatches of(int most, int mostOfOne) {
        return new OpenBatches(most, mostOfOne);
    }

    /** Until it is closed. */
    interface Open extends AutoCloseable {
        @Override
        void close();
    }

    synchronized Open take(String caller) {
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
