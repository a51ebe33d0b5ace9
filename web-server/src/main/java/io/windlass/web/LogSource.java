package io.windlass.web;

import io.windlass.log.LogObjects;
import io.windlass.log.Loss;
import io.windlass.log.Piece;
import io.windlass.store.DatabaseAwayException;
import io.windlass.store.LogShelf;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log from an offset on: what is stored from the store, what is not yet from whoever follows it,
 * and back again, by offsets alone. So it does not matter when it moves from one to the other.
 */
final class LogSource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogSource.class);
    private static final int SOME = 16;
    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration LATER = Duration.ofSeconds(1);

    private final LogPieces pieces;
    private final boolean follow;
    private final Deque<LogShelf.PieceAt> stored = new ArrayDeque<>();
    private LogShelf.StoredLog log;
    private long offset;
    private int lossesTold;
    private @Nullable String missed;
    private volatile boolean left;
    private volatile @Nullable InputStream live;
    private @Nullable DataInputStream frames;

    LogSource(LogPieces pieces, LogShelf.StoredLog log, long offset, boolean follow) {
        this.pieces = pieces;
        this.log = log;
        this.offset = offset;
        this.follow = follow;
        this.lossesTold = (int) log.losses().stream().filter(loss -> loss.at() < offset).count();
    }

    /** What comes next. */
    sealed interface Part {
        record Some(Piece piece) implements Part {}

        /** Bytes that are not there: known by their number, or only by their place. */
        record Missing(long from, long to, String why) implements Part {}

        record End(LogShelf.StoredLog log, long offset) implements Part {}
    }

    Part next() throws InterruptedException {
        while (!left) {
            Part part = loss();
            if (part == null && frames != null) {
                part = fromFollower();
            } else if (part == null) {
                part = fromStore();
            }
            if (part != null) {
                return part;
            }
        }
        return new Part.End(log, offset);
    }

    private @Nullable Part loss() {
        if (lossesTold < log.losses().size() && log.losses().get(lossesTold).at() <= offset) {
            Loss loss = log.losses().get(lossesTold++);
            return new Part.Missing(loss.at(), loss.at(), loss.message());
        }
        return null;
    }

    private @Nullable Part fromFollower() {
        try {
            Optional<Piece> piece = LogPieces.next(frames());
            return piece.flatMap(this::fresh).orElse(null);
        } catch (IOException e) {
            LOG.debug("log {}: {}", log.id(), e.toString());
            letGo();
            return null;
        }
    }

    private DataInputStream frames() throws IOException {
        DataInputStream now = frames;
        if (now == null) {
            throw new IOException("nobody is listened to");
        }
        return now;
    }

    private Optional<Part> fresh(Piece piece) {
        if (piece.from() > offset) {
            letGo();
            return Optional.empty();
        }
        Piece rest = piece.after(offset);
        if (rest.length() == 0) {
            return Optional.empty();
        }
        offset = rest.to();
        return Optional.of(new Part.Some(rest));
    }

    private @Nullable Part fromStore() throws InterruptedException {
        try {
            if (stored.isEmpty()) {
                stored.addAll(pieces.shelf().pieces(log.id(), offset, SOME));
            }
            LogShelf.PieceAt at = stored.poll();
            return at == null ? beyondStore() : at(at);
        } catch (DatabaseAwayException | LogObjects.AwayException e) {
            // the reader need not know: it goes on from where it is
            Thread.sleep(LATER);
            return null;
        }
    }

    private @Nullable Part at(LogShelf.PieceAt at) {
        if (at.from() > offset) {
            stored.addFirst(at);
            return missing(at.from(), "too long to be kept whole");
        }
        Optional<Piece> piece = pieces.load(at);
        if (piece.isEmpty()) {
            stored.clear();
            refresh();
            if (at.key().equals(missed)) {
                return missing(at.to(), "its object is not in the store");
            }
            // its log may have been shortened or forgotten just now
            missed = at.key();
            return null;
        }
        return fresh(piece.get()).orElse(null);
    }

    private Part missing(long to, String why) {
        Part missing = new Part.Missing(offset, to, why);
        offset = to;
        return missing;
    }

    private @Nullable Part beyondStore() throws InterruptedException {
        refresh();
        if (offset < log.bytes()) {
            return storedMeanwhile();
        }
        if (log.closed() || left) {
            return new Part.End(log, offset);
        }
        Optional<InputStream> answer = pieces.gateways().live(log, offset, follow);
        if (answer.isPresent()) {
            live = answer.get();
            frames = new DataInputStream(answer.get());
            Part first = fromFollower();
            if (first != null) {
                return first;
            }
        }
        if (!follow && frames == null) {
            // what was unstored a moment ago may be stored by now
            refresh();
            return offset < log.bytes() ? null : new Part.End(log, offset);
        }
        if (frames == null) {
            // it is being stored, or another is about to follow it
            Thread.sleep(answer.isPresent() ? SOON : LATER);
        }
        return null;
    }

    private @Nullable Part storedMeanwhile() {
        stored.addAll(pieces.shelf().pieces(log.id(), offset, SOME));
        if (!stored.isEmpty()) {
            return null;
        }
        return missing(
                log.bytes(),
                log.droppedAt() == null ? "not kept" : "not kept since " + log.droppedAt());
    }

    private void refresh() {
        log = pieces.shelf().find(log.id()).orElse(log);
    }

    /** From another thread: what is waited for is not wanted any more. */
    void leave() {
        left = true;
        letGo(live);
    }

    private void letGo() {
        letGo(live);
        live = null;
        frames = null;
    }

    private static void letGo(@Nullable InputStream stream) {
        try {
            if (stream != null) {
                stream.close();
            }
        } catch (IOException e) {
            LOG.debug("a follower's answer was cut off: {}", e.toString());
        }
    }

    @Override
    public void close() {
        letGo();
    }
}
