package io.windlass.gateway;

import io.windlass.log.Kept;
import io.windlass.log.LineSink;
import io.windlass.log.LogReading;
import io.windlass.log.Loss;
import io.windlass.log.Piece;
import io.windlass.log.PieceBuilder;
import io.windlass.log.Position;
import io.windlass.log.StampedLines;
import io.windlass.store.LogClaims;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A log that is followed here: what of it is not stored yet, and a little of what is, for those who
 * read along. Who writes to it waits where the store is slow: nothing is thrown away and nothing
 * grows.
 */
final class LiveLog {
    /** For readers who are almost up to date; others read what is stored. */
    private static final int RECENT = 64 << 10;

    private final long id;
    private final LogSettings settings;
    private final LogReading reading;
    private final Kept kept;
    private final Runnable whenDue;
    private final SetAside setAside;
    private final Deque<Piece> pieces = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long stored;
    private long oldestUnstored;
    private int reader;
    private boolean ended;
    private boolean closed;
    private boolean lost;
    private @Nullable Flush flush;

    LiveLog(LogClaims.OpenLog log, LogSettings settings, Runnable whenDue) {
        this.id = log.id();
        this.settings = settings;
        this.reading = LogReading.takenUp(log.state());
        this.kept = new Kept(settings.bounds()).with(log.pieces());
        this.whenDue = whenDue;
        this.setAside = new SetAside(log.setAside(), log.rest());
        this.stored = reading.bytes();
    }

    /**
     * What is to be stored next.
     *
     * @param expected how much is stored before
     */
    record Flush(
            long expected,
            LogReading.State state,
            List<Piece> pieces,
            List<Long> gone,
            long omittedFrom,
            long omittedTo,
            Optional<String> sha256) {}

    /** What a reader gets. */
    sealed interface Read {
        record Some(Piece piece) implements Read {}

        record Nothing() implements Read {}

        /** It is stored: to be read from there. */
        record Behind() implements Read {}

        record End() implements Read {}
    }

    long id() {
        return id;
    }

    SetAside setAside() {
        return setAside;
    }

    private <T extends @Nullable Object> T locked(Supplier<T> what) {
        lock.lock();
        try {
            return what.get();
        } finally {
            lock.unlock();
        }
    }

    @Nullable Position position() {
        return locked(() -> reading.position());
    }

    int run() {
        return locked(() -> reading.run());
    }

    long bytes() {
        return locked(() -> reading.bytes());
    }

    long lines() {
        return locked(() -> reading.lines());
    }

    LineSink sink() {
        return reading;
    }

    /** Whoever read until now feeds nothing any more; what it has read so far stays. */
    int newReader() {
        return locked(() -> ++reader);
    }

    /** False where another reads by now, here or elsewhere. */
    boolean feed(int by, StampedLines lines, byte[] buffer, int length)
            throws StampedLines.NotALogException, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!lost && by == reader && unstored() > 2L * settings.piece()) {
                changed.await();
            }
            boolean ours = !lost && by == reader;
            if (ours) {
                lines.feed(buffer, length);
                taken();
            }
            return ours;
        } finally {
            lock.unlock();
        }
    }

    /** For what a reading of it notes at its end. */
    void note(Runnable end) {
        lock.lock();
        try {
            end.run();
            taken();
        } finally {
            lock.unlock();
        }
    }

    private void taken() {
        if (reading.gathered() > 0) {
            if (unstored() == reading.gathered()) {
                oldestUnstored = System.nanoTime();
            }
            pieces.addLast(reading.take());
            changed.signalAll();
        }
        if (unstored() >= settings.piece()) {
            whenDue.run();
        }
    }

    void lost(Loss.Why why, String message) {
        note(() -> reading.lost(why, message));
    }

    void nextRun(int number) {
        note(() -> reading.nextRun(number));
    }

    private long unstored() {
        return reading.bytes() - stored;
    }

    /** Nothing more comes. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        whenDue.run();
    }

    /** What is to be stored, if it is time; the same again until it was. */
    Optional<Flush> due(boolean now) {
        lock.lock();
        try {
            if (flush == null && !lost && !closed && isDue(now)) {
                flush = next();
            }
            return Optional.ofNullable(flush);
        } finally {
            lock.unlock();
        }
    }

    private boolean isDue(boolean now) {
        long waits = System.nanoTime() - oldestUnstored;
        return ended
                || unstored() >= settings.piece()
                || (unstored() > 0 && (now || waits >= settings.delay().toNanos()));
    }

    private Flush next() {
        List<Piece> fresh = pieces.stream().filter(piece -> piece.from() >= stored).toList();
        List<Piece> shaped = new ArrayList<>();
        List<Long> gone = new ArrayList<>();
        if (!fresh.isEmpty()) {
            Piece joined = PieceBuilder.joined(fresh);
            for (int i = 0; i < fresh.size(); i++) {
                pieces.removeLast();
            }
            pieces.addLast(joined);
            for (Piece piece : kept.shaped(joined)) {
                shaped.add(piece);
                gone.addAll(kept.add(piece));
            }
        }
        return new Flush(
                stored,
                reading.state(),
                shaped,
                gone,
                kept.omittedFrom(),
                kept.omittedTo(),
                ended ? Optional.of(reading.sha256()) : Optional.empty());
    }

    /** That is stored now. */
    void stored(Flush done) {
        lock.lock();
        try {
            flush = null;
            stored = done.state().bytes();
            closed = done.sha256().isPresent();
            oldestUnstored = System.nanoTime();
            trim();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void trim() {
        long size = pieces.stream().mapToLong(Piece::length).sum();
        Piece oldest = pieces.peekFirst();
        while (oldest != null && oldest.to() <= stored && size > RECENT) {
            pieces.removeFirst();
            size -= oldest.length();
            oldest = pieces.peekFirst();
        }
    }

    /** Another follows it: nothing of what is only here counts any more. */
    void takenOver() {
        lock.lock();
        try {
            lost = true;
            flush = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean closed() {
        return locked(() -> closed);
    }

    boolean lost() {
        return locked(() -> lost);
    }

    /** From an offset on, waiting for it if need be. */
    Read read(long offset, int most, Duration wait) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = wait.toNanos();
            while (true) {
                if (lost) {
                    return new Read.End();
                }
                if (offset < reading.bytes()) {
                    return at(offset, most);
                }
                if (closed || (ended && offset >= reading.bytes())) {
                    return new Read.End();
                }
                if (nanos <= 0) {
                    return new Read.Nothing();
                }
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private Read at(long offset, int most) {
        Piece oldest = pieces.peekFirst();
        if (oldest == null || offset < oldest.from()) {
            return new Read.Behind();
        }
        List<Piece> some = new ArrayList<>();
        int size = 0;
        for (Piece piece : pieces) {
            if (piece.to() > offset && size < most) {
                Piece rest = piece.after(offset);
                some.add(rest);
                size += rest.length();
            }
        }
        return new Read.Some(PieceBuilder.joined(some));
    }

    /** In bytes, for a gauge. */
    long inMemory() {
        return locked(() -> pieces.stream().mapToLong(Piece::length).sum());
    }
}
