package io.windlass.processor;

import io.windlass.job.Shares;
import io.windlass.store.Checks;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The checks that may be in flight at once, whose they are, and whether more is due than they can
 * take. An eighth of them never holds a POST: those may hang, and looks go on beside them.
 */
final class Slots {
    private static final int KEPT_FROM_POSTS = 8;

    /** A check, until it is given back. */
    record Slot(String namespace, boolean post) {}

    private final int number;
    private final Shares all;
    private final Shares posts;
    private boolean moreWaits;

    Slots(int number) {
        this.number = number;
        this.all = new Shares(number, Map.of());
        this.posts = new Shares(number - number / KEPT_FROM_POSTS, Map.of());
    }

    /** Whoever asks is told of each that is given back, until it says that it has enough. */
    synchronized Checks.Places free() {
        moreWaits = true;
        return new Checks.Places(all.copy(), posts.copy());
    }

    synchronized void enough() {
        moreWaits = false;
    }

    synchronized int taken() {
        return number - all.free();
    }

    synchronized void take(Slot slot) {
        all.take(slot.namespace());
        if (slot.post()) {
            posts.take(slot.namespace());
        }
    }

    /**
     * True where somebody waits for it; how many are free says nothing, since two may come at once.
     */
    synchronized boolean giveBack(Slot slot) {
        all.giveBack(slot.namespace());
        if (slot.post()) {
            posts.giveBack(slot.namespace());
        }
        notifyAll();
        return moreWaits;
    }

    /** False where some were not given back in time. */
    synchronized boolean awaitNoneTaken(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        long left = most.toNanos();
        while (taken() > 0 && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = end - System.nanoTime();
        }
        return taken() == 0;
    }
}
