package io.windlass.e2e.neighbour;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The time between two calls of a client. */
final class Pace {
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private Pace() {}

    static void await(Duration pause) throws InterruptedException {
        if (NEVER.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("nobody counts this down");
        }
    }
}
