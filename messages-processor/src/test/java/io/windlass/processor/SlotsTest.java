package io.windlass.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class SlotsTest {
    /** Who gives one back goes on only when another has done so too. */
    private static final class Together extends Semaphore {
        private static final long serialVersionUID = 1L;
        private final transient CyclicBarrier both = new CyclicBarrier(2);

        private Together() {
            super(2);
        }

        @Override
        public void release() {
            super.release();
            try {
                both.await();
            } catch (InterruptedException | BrokenBarrierException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void shouldSayThatOneIsFreeThoughTwoAreGivenBackAtOnce() throws Exception {
        Slots slots = new Slots(new Together());
        slots.take();
        slots.take();
        assertThat(slots.free()).isZero();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<Boolean> one =
                    CompletableFuture.supplyAsync(slots::giveBack, threads);
            CompletableFuture<Boolean> other =
                    CompletableFuture.supplyAsync(slots::giveBack, threads);
            assertThat(one.get() || other.get()).isTrue();
        }
        assertThat(slots.taken()).isZero();
    }

    @Test
    void shouldTellNobodyWhoHasEnough() throws Exception {
        Slots slots = new Slots(new Semaphore(2));
        slots.take();
        assertThat(slots.free()).isEqualTo(1);
        slots.enough();
        assertThat(slots.giveBack()).isFalse();
    }
}
