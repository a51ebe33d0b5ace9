package io.windlass.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Never more is held than there is; what is given back is had by others. */
class ByteBudgetTest {
    private static final long MIB = 1 << 20;

    private final ByteBudget budget = new ByteBudget(16 * MIB, Duration.ofMillis(20));
    private final ByteBudget patient = new ByteBudget(16 * MIB, Duration.ofSeconds(60));

    @Test
    void shouldRefuseWhatDoesNotComeFreeInTime() {
        try (ByteBudget.Share one = budget.open();
                ByteBudget.Share other = budget.open()) {
            one.take(14 * MIB);
            assertThatThrownBy(() -> other.take(3 * MIB))
                    .isInstanceOf(ByteBudget.SpentException.class);
            assertThat(budget.refused()).isEqualTo(1);
            assertThat(budget.used()).isEqualTo(14 * MIB);
            one.giveBack(4 * MIB);
            other.take(3 * MIB);
            assertThat(budget.used()).isEqualTo(13 * MIB);
        }
        assertThat(budget.used()).isZero();
        assertThat(budget.waiting()).isZero();
    }

    @Test
    void shouldKeepTheLastEighthForWhatIsSmall() {
        try (ByteBudget.Share large = budget.open();
                ByteBudget.Share small = budget.open()) {
            assertThatThrownBy(() -> large.take(15 * MIB))
                    .isInstanceOf(ByteBudget.SpentException.class);
            large.take(14 * MIB);
            small.take(MIB);
            assertThatThrownBy(() -> large.take(1)).isInstanceOf(ByteBudget.SpentException.class);
            small.take(MIB);
            assertThat(budget.used()).isEqualTo(16 * MIB);
        }
    }

    @Test
    void shouldGiveBackOnceOnly() {
        ByteBudget.Share one = budget.open();
        one.take(MIB);
        try (ByteBudget.Share other = budget.open()) {
            other.take(MIB);
            one.close();
            one.close();
            assertThat(budget.used()).isEqualTo(MIB);
        }
    }

    @Test
    void shouldGoOnWhereOthersGiveBack() throws Exception {
        ByteBudget.Share one = patient.open();
        one.take(14 * MIB);
        CompletableFuture<Void> taken =
                CompletableFuture.runAsync(() -> {
                    try (ByteBudget.Share other = patient.open()) {
                        other.take(4 * MIB);
                    }
                });
        CompletableFuture<Long> awaited =
                CompletableFuture.supplyAsync(() -> {
                    try (ByteBudget.Share _ = patient.await(4 * MIB)) {
                        return patient.used();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
        awaitWaiting(2);
        assertThat(taken).isNotDone();
        assertThat(awaited).isNotDone();
        one.close();
        taken.get(10, TimeUnit.SECONDS);
        assertThat(awaited.get(10, TimeUnit.SECONDS)).isBetween(4 * MIB, 8 * MIB);
        assertThat(patient.used()).isZero();
    }

    private void awaitWaiting(int count) {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (patient.waiting() != count && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldLetWhatIsLargerThanAllHaveItAlone() throws Exception {
        try (ByteBudget.Share _ = patient.await(100 * MIB);
                ByteBudget.Share small = budget.open()) {
            assertThat(patient.used()).isEqualTo(100 * MIB);
            assertThatThrownBy(() -> small.take(100 * MIB))
                    .isInstanceOf(ByteBudget.SpentException.class);
        }
    }

    @Test
    void shouldNeverGiveMoreThanThereIs() throws Exception {
        AtomicLong held = new AtomicLong();
        AtomicLong highest = new AtomicLong();
        CountDownLatch begin = new CountDownLatch(1);
        List<Future<?>> works = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                long bytes = MIB * (1 + i % 5);
                works.add(
                        threads.submit(() -> {
                            begin.await();
                            try (ByteBudget.Share share = patient.open()) {
                                share.take(bytes);
                                highest.accumulateAndGet(held.addAndGet(bytes), Math::max);
                                Thread.yield();
                                held.addAndGet(-bytes);
                            }
                            return null;
                        }));
            }
            begin.countDown();
            for (Future<?> work : works) {
                work.get(30, TimeUnit.SECONDS);
            }
        }
        assertThat(highest.get()).isBetween(MIB, 16 * MIB);
        assertThat(patient.used()).isZero();
    }
}
