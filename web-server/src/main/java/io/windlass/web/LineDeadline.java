package io.windlass.web;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * For a body that comes piece by piece: each piece that has begun must end within a time. Between
 * pieces it may rest as long as it likes. Who reads is interrupted: to close the body wakes nobody.
 */
final class LineDeadline implements AutoCloseable {
    private static final int LOOKS = 4;

    private final Duration patience;
    private final Future<?> looks;
    private @Nullable Thread reader;
    private long began;
    private boolean passed;

    LineDeadline(Duration patience, ScheduledExecutorService timer) {
        this.patience = patience;
        long between = Math.max(1, patience.toMillis() / LOOKS);
        this.looks =
                timer.scheduleWithFixedDelay(this::look, between, between, TimeUnit.MILLISECONDS);
    }

    /** The thread that calls this reads it. */
    synchronized void begin() {
        reader = Thread.currentThread();
        began = System.nanoTime();
    }

    /** By the thread that has read it, to its end or not: it is not interrupted any more. */
    synchronized void end() {
        reader = null;
        if (passed) {
            var _ = Thread.interrupted();
        }
    }

    private synchronized void look() {
        if (reader != null && System.nanoTime() - began > patience.toNanos()) {
            passed = true;
            looks.cancel(false);
            reader.interrupt();
        }
    }

    synchronized boolean passed() {
        return passed;
    }

    ProblemException problem() {
        return new ProblemException(
                Problem.TOO_SLOW,
                "it has not come within " + patience.toMillis() + " ms; send it again");
    }

    @Override
    public void close() {
        looks.cancel(false);
    }
}
