package io.windlass.log;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Passes on of a log that is read again only what comes after a position. Where the line of that
 * position is not there any more, the log was rotated meanwhile: that is told, with the nanoseconds
 * between what was read last and what is there first, and all that is left is passed on.
 *
 * <p>Lines of two streams may stand in a log a little out of the order of their times. So a line
 * that is barely later is held until it is clear whether ours still comes.
 */
public final class Resumption implements LineSink {
    private static final long OUT_OF_ORDER_NANOS = 100_000_000L;
    private static final int MOST_HELD = 1 << 20;

    private final Position position;
    private final LineSink sink;
    private final LongConsumer whenLost;
    private final List<Long> heldLines = new ArrayList<>();
    private final List<Integer> heldStarts = new ArrayList<>();
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private final boolean ofSome;
    private boolean done;
    private boolean holding;
    private int seen;
    private long toSkip;

    public Resumption(Position position, LineSink sink, LongConsumer whenLost) {
        this(position, sink, whenLost, false);
    }

    private Resumption(Position position, LineSink sink, LongConsumer whenLost, boolean ofSome) {
        this.position = position;
        this.sink = sink;
        this.whenLost = whenLost;
        this.ofSome = ofSome;
    }

    /** Of a part of the log: that the position is not in it tells nothing. */
    public static Resumption ofSome(Position position, LineSink sink) {
        return new Resumption(position, sink, nanos -> {}, true);
    }

    @Override
    public void line(long nanos) {
        if (!done && nanos == position.nanos() && ++seen == position.nth()) {
            done = true;
            toSkip = position.into();
            return;
        }
        if (!done && !ofSome && nanos > position.nanos() + OUT_OF_ORDER_NANOS) {
            lost(nanos);
        }
        if (done) {
            sink.line(nanos);
        } else {
            holding = !ofSome && nanos > position.nanos();
            if (holding) {
                heldLines.add(nanos);
                heldStarts.add(held.size());
            }
        }
    }

    @Override
    public void bytes(byte[] buffer, int from, int to) {
        if (done) {
            int skipped = (int) Math.min(toSkip, to - from);
            toSkip -= skipped;
            if (from + skipped < to) {
                sink.bytes(buffer, from + skipped, to);
            }
        } else if (holding) {
            held.write(buffer, from, to - from);
            if (held.size() > MOST_HELD) {
                lost(heldLines.getFirst());
            }
        }
    }

    /** The line of the position was there. */
    public boolean found() {
        return done;
    }

    /** Nothing has come that could be after the position. */
    public boolean holdsNothing() {
        return heldLines.isEmpty();
    }

    /** Nothing more comes of this reading. */
    public void end() {
        if (!done) {
            lost(position.nanos());
        }
    }

    private void lost(long nextNanos) {
        done = true;
        long next = heldLines.isEmpty() ? nextNanos : heldLines.getFirst();
        whenLost.accept(next - position.nanos());
        byte[] bytes = held.toByteArray();
        for (int i = 0; i < heldLines.size(); i++) {
            int end = i + 1 < heldLines.size() ? heldStarts.get(i + 1) : bytes.length;
            sink.line(heldLines.get(i));
            sink.bytes(bytes, heldStarts.get(i), end);
        }
    }
}
