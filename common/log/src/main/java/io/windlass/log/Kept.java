package io.windlass.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/**
 * What stays of a log that is longer than its bounds: the head, and the tail as it moves on. What
 * falls out between them is told, to be thrown away.
 */
public final class Kept {
    private final Bounds bounds;
    private final Deque<Stretch> tail = new ArrayDeque<>();
    private long tailBytes;
    private long head;

    public Kept(Bounds bounds) {
        this.bounds = bounds;
    }

    /** The most of a log that stays: so much of its beginning, and about so much of its end. */
    public record Bounds(long head, long tail) {
        public Bounds {
            if (head < 0 || tail < 1) {
                throw new IllegalArgumentException("a log keeps at least a byte of its end");
            }
        }
    }

    /** A piece by its place. */
    public record Stretch(long from, int length) {}

    /** What was kept before, in order. */
    public Kept with(Collection<Stretch> stored) {
        stored.forEach(this::take);
        return this;
    }

    /** Pieces as they are kept: none is both in the head and beyond it. */
    public List<Piece> shaped(Piece piece) {
        return piece.length() == 0 ? List.of() : PieceBuilder.cut(piece, bounds.head());
    }

    /** Takes what follows; where pieces begin that are to go. */
    public List<Long> add(Piece piece) {
        take(new Stretch(piece.from(), piece.length()));
        List<Long> gone = new ArrayList<>();
        Stretch oldest = tail.peekFirst();
        while (oldest != null && tailBytes - oldest.length() >= bounds.tail()) {
            tail.removeFirst();
            tailBytes -= oldest.length();
            gone.add(oldest.from());
            oldest = tail.peekFirst();
        }
        return gone;
    }

    private void take(Stretch stretch) {
        if (stretch.from() < bounds.head()) {
            head = stretch.from() + stretch.length();
        } else {
            tail.addLast(stretch);
            tailBytes += stretch.length();
        }
    }

    /** What is left out lies from here … */
    public long omittedFrom() {
        return head;
    }

    /** … to here. */
    public long omittedTo() {
        Stretch oldest = tail.peekFirst();
        return oldest == null ? head : oldest.from();
    }
}
