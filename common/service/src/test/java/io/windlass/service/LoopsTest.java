package io.windlass.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoopsTest {
    private static final int LOOPS = 30;

    @Test
    void shouldWaitForTheLongestRoundAndNotForEachAfterTheOther() throws Exception {
        CountDownLatch begun = new CountDownLatch(LOOPS);
        CountDownLatch never = new CountDownLatch(1);
        Loops loops = new Loops();
        List<Loop> all =
                IntStream.range(0, LOOPS)
                        .mapToObj(i ->
                                loops.add(
                                        new Loop(
                                                "loop-" + i,
                                                () -> {
                                                    begun.countDown();
                                                    never.await(1, TimeUnit.SECONDS);
                                                    return Duration.ZERO;
                                                })))
                        .toList();
        all.forEach(Loop::start);
        begun.await();
        Instant asked = Instant.now();
        loops.stop(null);
        Duration took = Duration.between(asked, Instant.now());
        System.out.printf(
                "[windlass tests] %d loops, each in a round of a second, are stopped: %d ms%n",
                LOOPS, took.toMillis());
        // one after the other they need half a minute
        assertThat(took).isLessThan(Duration.ofSeconds(15));
    }
}
