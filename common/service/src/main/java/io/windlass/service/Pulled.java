package io.windlass.service;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of an answer, made piece by piece by plain blocking code on a virtual thread of its own,
 * and only as fast as the client reads: for one that does not read nothing is made.
 */
public final class Pulled<T> implements Publisher<T> {
    /** Whoever asks for more at once asks for all. */
    private static final int MANY = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Pulled.class);

    /** Where the pieces come from; null when there are no more. */
    public interface Source<T> extends AutoCloseable {
        @Nullable T next() throws Exception;

        /** The reader has gone: what {@code next} waits for is not wanted any more. */
        default void leave() {}

        @Override
        void close();
    }

    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final String name;
    private final Source<T> source;
    private final Duration patience;
    private final Runnable cut;

    public Pulled(String name, Source<T> source) {
        this(name, source, FOR_EVER, () -> {});
    }

    /**
     * Whoever has not read for so long is cut off by {@code cut}: an error would wait behind what
     * it does not read.
     */
    public Pulled(String name, Source<T> source, Duration patience, Runnable cut) {
        this.name = name;
        this.source = source;
        this.patience = patience;
        this.cut = cut;
    }

    @Override
    public void subscribe(Subscriber<? super T> reader) {
        Semaphore wanted = new Semaphore(0);
        AtomicBoolean unbounded = new AtomicBoolean();
        AtomicBoolean left = new AtomicBoolean();
        reader.onSubscribe(
                new Subscription() {
                    @Override
                    public void request(long n) {
                        if (n > MANY) {
                            unbounded.set(true);
                        }
                        wanted.release((int) Math.min(n, MANY));
                    }

                    @Override
                    public void cancel() {
                        // not by an interrupt: that would close a database connection in use
                        left.set(true);
                        wanted.release();
                        source.leave();
                    }
                });
        // Netty's own thread only passes on what is asked for
        Thread.ofVirtual()
                .name("windlass-" + name)
                .start(() -> pull(reader, wanted, unbounded, left));
    }

    private void pull(
            Subscriber<? super T> reader,
            Semaphore wanted,
            AtomicBoolean unbounded,
            AtomicBoolean left) {
        try (source) {
            while (!left.get()) {
                if (!unbounded.get()
                        && !wanted.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.info("{}: nothing was read for {}: cut off", name, patience);
                    cut.run();
                    return;
                }
                T piece = left.get() ? null : source.next();
                if (left.get()) {
                    return;
                }
                if (piece == null) {
                    reader.onComplete();
                    return;
                }
                reader.onNext(piece);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            // an Error too: else the reader would wait for ever
            if (!left.get()) {
                LOG.warn("{}: the answer breaks off: {}", name, e.toString());
                reader.onError(e);
            }
        }
    }
}
