package io.windlass.web;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The calls that each do the work of many and are open at once, of one caller and of all: they
 * bound what is held of their bodies. Streams of lines are counted apart from the other calls: they
 * may rest as long as they like. Who comes when there are enough is told so at once. What an open
 * call stores, it stores in {@link BatchPlaces}.
 */
@Singleton
final class OpenBatches {
    private final Places calls;
    private final Places streams;

    @Inject
    OpenBatches(ApiSettings settings) {
        this(
                new Places(
                        settings.maxBatches(),
                        settings.maxBatchesPerCaller(),
                        "calls that do the work of many"),
                new Places(
                        settings.maxBatchStreams(),
                        settings.maxBatchStreamsPerCaller(),
                        "streams of jobs"));
    }

    private OpenBatches(Places calls, Places streams) {
        this.calls = calls;
        this.streams = streams;
    }

    static OpenBatches of(int most, int mostOfOne) {
        return new OpenBatches(
                new Places(most, mostOfOne, "calls"), new Places(most, mostOfOne, "streams"));
    }

    /** Until it is closed. */
    interface Open extends AutoCloseable {
        @Override
        void close();
    }

    Open take(String caller) {
        return calls.take(caller);
    }

    Open takeForStream(String caller) {
        return streams.take(caller);
    }

    private static final class Places {
        private final int most;
        private final int mostOfOne;
        private final String what;
        private final Map<String, Integer> byCaller = new HashMap<>();
        private int taken;

        private Places(int most, int mostOfOne, String what) {
            this.most = most;
            this.mostOfOne = mostOfOne;
            this.what = what;
        }

        private synchronized Open take(String caller) {
            int own = byCaller.getOrDefault(caller, 0);
            if (taken == most || own >= mostOfOne) {
                throw new ProblemException(
                        Problem.TOO_MANY_BATCHES,
                        "%s: %d of this caller and %d of all are under way; send it again"
                                .formatted(what, own, taken));
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
}
