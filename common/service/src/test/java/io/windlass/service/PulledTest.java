package io.windlass.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Nothing is made for a reader that does not read. */
class PulledTest {
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Reader reader = new Reader();

    /** Counts without an end. */
    private final class Numbers implements Pulled.Source<Integer> {
        @Override
        public Integer next() {
            return made.incrementAndGet();
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    private static final class Reader implements Subscriber<Integer> {
        private final List<Integer> read = new CopyOnWriteArrayList<>();
        private final CountDownLatch subscribed = new CountDownLatch(1);
        private volatile CountDownLatch wanted = new CountDownLatch(0);
        private Subscription subscription;

        @Override
        public void onSubscribe(Subscription subscription) {
            this.subscription = subscription;
            subscribed.countDown();
        }

        @Override
        public void onNext(Integer number) {
            read.add(number);
            wanted.countDown();
        }

        @Override
        public void onError(Throwable error) {
            throw new AssertionError(error);
        }

        @Override
        public void onComplete() {
            throw new AssertionError("it has no end");
        }

        void read(int count) throws InterruptedException {
            wanted = new CountDownLatch(count);
            subscription.request(count);
            assertThat(wanted.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void shouldMakeNoMoreThanIsAskedFor() throws Exception {
        new Pulled<>("test", new Numbers()).subscribe(reader);
        reader.read(3);
        reader.read(2);
        // whoever makes too much is at it by now
        assertThat(closed.await(300, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(reader.read).containsExactly(1, 2, 3, 4, 5);
        assertThat(made).hasValue(5);
        reader.subscription.cancel();
        assertThat(closed.await(10, TimeUnit.SECONDS)).as("who has left is forgotten").isTrue();
    }

    @Test
    void shouldCutOffWhoReadsNothingForTooLong() throws Exception {
        new Pulled<>("test", new Numbers(), Duration.ofMillis(200), cut::incrementAndGet)
                .subscribe(reader);
        reader.read(2);
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(cut).hasValue(1);
        assertThat(made).hasValue(2);
    }

    /** Else its reader would wait for ever. */
    @Test
    void shouldEndWithAnErrorWhereEvenTheStackIsTooSmall() throws Exception {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        Pulled.Source<Integer> source =
                new Pulled.Source<>() {
                    @Override
                    public Integer next() {
                        throw new StackOverflowError("of a test");
                    }

                    @Override
                    public void close() {
                        closed.countDown();
                    }
                };
        new Pulled<>("test", source)
                .subscribe(
                        new Subscriber<Integer>() {
                            @Override
                            public void onSubscribe(Subscription subscription) {
                                subscription.request(1);
                            }

                            @Override
                            public void onNext(Integer number) {
                                told.completeExceptionally(new AssertionError("read " + number));
                            }

                            @Override
                            public void onError(Throwable error) {
                                told.complete(error);
                            }

                            @Override
                            public void onComplete() {
                                told.completeExceptionally(new AssertionError("it broke off"));
                            }
                        });
        assertThat(told.get(10, TimeUnit.SECONDS)).isInstanceOf(StackOverflowError.class);
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
