package io.windlass.web;

import io.windlass.log.Piece;
import io.windlass.log.StampedLines;
import io.windlass.store.LogShelf;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where to begin in a log: at an offset, so many lines before its end, at a time. */
final class LogStart {
    private final LogPieces pieces;
    private final LogShelf.StoredLog log;
    private final List<Piece> unstored;

    private LogStart(LogPieces pieces, LogShelf.StoredLog log, List<Piece> unstored) {
        this.pieces = pieces;
        this.log = log;
        this.unstored = unstored;
    }

    static long of(LogWish wish, LogShelf.StoredLog log, LogPieces pieces)
            throws InterruptedException {
        if (wish.tail() < 0 && wish.since() == null) {
            return wish.offset();
        }
        LogStart start = new LogStart(pieces, log, log.closed() ? List.of() : pieces.unstored(log));
        return Math.max(
                wish.offset(),
                Math.max(
                        wish.tail() < 0 ? 0 : start.linesBeforeEnd(wish.tail()),
                        start.since(wish.since())));
    }

    private long end() {
        return unstored.isEmpty() ? log.bytes() : unstored.getLast().to();
    }

    private long linesBeforeEnd(int lines) {
        if (lines == 0) {
            return end();
        }
        int left = lines;
        for (Piece piece : unstored.reversed()) {
            if (left <= piece.lines()) {
                return piece.from() + piece.start(piece.lines() - left);
            }
            left -= piece.lines();
        }
        for (LogShelf.PieceAt at : pieces.shelf().lastPieces(log.id(), left)) {
            if (left <= at.lines()) {
                int nth = at.lines() - left;
                return pieces.load(at)
                        .map(piece -> piece.from() + piece.start(nth))
                        .orElse(at.from());
            }
            left -= at.lines();
        }
        return 0;
    }

    private long since(@Nullable Instant time) {
        if (time == null) {
            return 0;
        }
        long nanos = StampedLines.nanos(time);
        Optional<Long> stored =
                pieces.shelf()
                        .firstAfter(log.id(), nanos)
                        .flatMap(pieces::load)
                        .flatMap(piece -> since(piece, nanos));
        return stored.or(() ->
                        unstored.stream()
                                .flatMap(piece -> since(piece, nanos).stream())
                                .findFirst())
                .orElseGet(this::end);
    }

    private static Optional<Long> since(Piece piece, long nanos) {
        for (int i = 0; i < piece.lines(); i++) {
            if (piece.time(i) >= nanos) {
                return Optional.of(piece.from() + piece.start(i));
            }
        }
        return Optional.empty();
    }
}
