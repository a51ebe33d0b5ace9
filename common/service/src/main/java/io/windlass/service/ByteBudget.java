package io.windlass.service;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bytes that all bodies, trees, pages and portions of a process may take together. Who asks for
 * more than there is waits until others give back. The last eighth is for shares that are small, so
 * that large ones never keep a small one out.
 */
public final class ByteBudget {
    private static final long SMALL = 2 << 20;
    private static final int RESERVED = 8;

    /** Nothing came free in time: what asked gives back what it has, and may come again. */
    public static final class SpentException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SpentException(long bytes) {
            super("no " + bytes + " bytes came free in time", null, false, false);
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition givenBack = lock.newCondition();
    private final long most;
    private final Duration patience;
    private long used;
    private int waiting;
    private long refused;

    /**
     * @param patience for which a share that is open waits for more
     */
    public ByteBudget(long most, Duration patience) {
        this.most = most;
        this.patience = patience;
    }

    /** What one piece of work holds; nothing at first, and nothing after it is closed. */
    public final class Share implements AutoCloseable {
        private long held;
        private boolean closed;

        private Share() {}

        /**
         * Waits for so many more, but not long: it holds others already.
         *
         * @throws SpentException where they did not come free
         */
        public void take(long bytes) {
            lock.lock();
            try {
                long left = patience.toNanos();
                waiting++;
                while (closed || !fits(held, bytes)) {
                    if (closed || left <= 0) {
                        refused++;
                        throw new SpentException(bytes);
                    }
                    left = givenBack.awaitNanos(left);
                }
                used += bytes;
                held += bytes;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SpentException(bytes);
            } finally {
                waiting--;
                lock.unlock();
            }
        }

        /** Before it is closed. */
        public void giveBack(long bytes) {
            lock.lock();
            try {
                long back = Math.min(bytes, held);
                held -= back;
                used -= back;
                givenBack.signalAll();
            } finally {
                lock.unlock();
            }
        }

        /** Gives back what is more than so many. */
        public void keep(long bytes) {
            lock.lock();
            try {
                giveBack(Math.max(0, held - bytes));
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                closed = true;
                giveBack(held);
            } finally {
                lock.unlock();
            }
        }
    }

    public Share open() {
        return new Share();
    }

    /**
     * For work that nobody waits for with a connection open: however long it takes. It must hold no
     * other share meanwhile. More than there is at all is had alone.
     */
    public Share await(long bytes) throws InterruptedException {
        Share share = new Share();
        lock.lockInterruptibly();
        try {
            waiting++;
            while (used > 0 && !fits(0, bytes)) {
                givenBack.await();
            }
            used += bytes;
            share.held = bytes;
            return share;
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    private boolean fits(long held, long bytes) {
        return used + bytes <= (held + bytes <= SMALL ? most : most - most / RESERVED);
    }

    public long most() {
        return most;
    }

    public long used() {
        lock.lock();
        try {
            return used;
        } finally {
            lock.unlock();
        }
    }

    /** How many wait for bytes now. */
    public int waiting() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    /** How many have waited for nothing. */
    public long refused() {
        lock.lock();
        try {
            return refused;
        } finally {
            lock.unlock();
        }
    }
}
