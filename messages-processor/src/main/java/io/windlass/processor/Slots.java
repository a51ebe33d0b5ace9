package io.windlass.processor;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The checks that may be in flight at once, and whether more is due than they can take. */
final class Slots {
    private final Semaphore free;
    private final int all;
    private volatile boolean moreWaits;

    Slots(Semaphore free) {
        this.free = free;
        this.all = free.availablePermits();
    }

    /** Whoever asks is told of each that is given back, until it says that it has enough. */
    int free() {
        moreWaits = true;
        return free.availablePermits();
    }

    void enough() {
        moreWaits = false;
    }

    int taken() {
        return all - free.availablePermits();
    }

    void take() throws InterruptedException {
        free.acquire();
    }

    /**
     * True where somebody waits for it; how many are free says nothing, since two may come at once.
     */
    boolean giveBack() {
        free.release();
        return moreWaits;
    }

    /** False where some were not given back in time. */
    boolean takeAll(Duration most) throws InterruptedException {
        return free.tryAcquire(all, most.toMillis(), TimeUnit.MILLISECONDS);
    }
}
