package io.windlass.service;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something again and again on a thread of its own: when woken, when its time comes, until it
 * is stopped.
 */
public final class Loop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration TO_FINISH = Duration.ofSeconds(20);

    /** One round; answers how long to rest if nobody wakes it. */
    public interface Round {
        Duration run() throws InterruptedException;
    }

    private final String name;
    private final Round round;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean woken;
    private boolean stopping;
    private @Nullable Thread thread;
    private volatile long roundBegan;
    private volatile boolean atWork;

    public Loop(String name, Round round) {
        this.name = name;
        this.round = round;
    }

    public synchronized Loop start() {
        if (thread == null) {
            thread = Thread.ofVirtual().name("windlass-" + name).start(this::work);
        }
        return this;
    }

    /** Soon: at once if it rests, else right after the present round. */
    public void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How long the present round takes already; nothing while it rests. */
    public Duration inRoundSince() {
        return atWork ? Duration.ofNanos(System.nanoTime() - roundBegan) : Duration.ZERO;
    }

    public String name() {
        return name;
    }

    private void work() {
        while (!stopped()) {
            Duration rest;
            roundBegan = System.nanoTime();
            atWork = true;
            try {
                rest = round.run();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("{}: {}; it is tried again", name, e.toString());
                LOG.debug("{}", name, e);
                rest = AFTER_FAILURE;
            }
            atWork = false;
            if (!rest(rest)) {
                return;
            }
        }
    }

    private boolean stopped() {
        lock.lock();
        try {
            return stopping;
        } finally {
            lock.unlock();
        }
    }

    private boolean rest(Duration rest) {
        lock.lock();
        try {
            long nanos = rest.toNanos();
            while (!woken && !stopping && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            woken = false;
            return !stopping;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** The present round is the last. */
    void finish() {
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets the present round end, within reason. */
    @Override
    public synchronized void close() {
        finish();
        Thread worker = thread;
        if (worker == null) {
            return;
        }
        try {
            if (!worker.join(TO_FINISH)) {
                LOG.warn("{} does not come to an end; it is interrupted", name);
                worker.interrupt();
            }
        } catch (InterruptedException e) {
            worker.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
