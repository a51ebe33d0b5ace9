package io.windlass.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopsTest {
    private final CountDownLatch begun = new CountDownLatch(2);
    private final CountDownLatch never = new CountDownLatch(1);
    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicBoolean sawItStop = new AtomicBoolean();

    @Test
    void shouldTellAllLoopsToStopBeforeItWaitsForOne() throws Exception {
        Loops loops = new Loops();
        Loop longRound = loops.add(new Loop("long", this::waitUntilTheOtherStops));
        Loop busy = loops.add(new Loop("busy", this::next));
        longRound.start();
        busy.start();
        begun.await();
        Instant asked = Instant.now();
        loops.stop(null);
        System.out.printf(
                "[windlass tests] two loops are stopped, one waits for the other: %d ms%n",
                Duration.between(asked, Instant.now()).toMillis());
        assertThat(sawItStop).as("the other stopped while this one was in its round").isTrue();
    }

    private Duration waitUntilTheOtherStops() throws InterruptedException {
        begun.countDown();
        int before;
        do {
            before = rounds.get();
            never.await(500, TimeUnit.MILLISECONDS);
        } while (before == 0 || rounds.get() != before);
        sawItStop.set(true);
        return Duration.ofDays(1);
    }

    private Duration next() {
        rounds.incrementAndGet();
        begun.countDown();
        return Duration.ofMillis(1);
    }
}
