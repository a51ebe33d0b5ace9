package io.windlass.log;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Gathers what is read into a piece. */
public final class PieceBuilder implements LineSink {
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private int[] starts = new int[16];
    private long[] times = new long[16];
    private int lines;

    @Override
    public void line(long nanos) {
        if (lines == starts.length) {
            starts = Arrays.copyOf(starts, lines * 2);
            times = Arrays.copyOf(times, lines * 2);
        }
        starts[lines] = content.size();
        times[lines++] = nanos;
    }

    @Override
    public void bytes(byte[] buffer, int from, int to) {
        content.write(buffer, from, to - from);
    }

    public int size() {
        return content.size();
    }

    /** What was gathered, as the piece at this offset; begins anew. */
    public Piece take(long from) {
        Piece piece =
                new Piece(
                        from,
                        content.toByteArray(),
                        Arrays.copyOf(starts, lines),
                        Arrays.copyOf(times, lines));
        content.reset();
        lines = 0;
        return piece;
    }

    /** Neighbours as one. */
    public static Piece joined(List<Piece> neighbours) {
        if (neighbours.size() == 1) {
            return neighbours.getFirst();
        }
        PieceBuilder builder = new PieceBuilder();
        neighbours.forEach(piece -> append(builder, piece));
        return builder.take(neighbours.getFirst().from());
    }

    /** One as two, cut at an offset inside of it. */
    public static List<Piece> cut(Piece piece, long at) {
        if (at <= piece.from() || at >= piece.to()) {
            return List.of(piece);
        }
        Piece rest = piece.after(at);
        int lines = piece.lines() - rest.lines();
        int[] starts = new int[lines];
        long[] times = new long[lines];
        for (int i = 0; i < lines; i++) {
            starts[i] = piece.start(i);
            times[i] = piece.time(i);
        }
        List<Piece> both = new ArrayList<>();
        both.add(
                new Piece(
                        piece.from(), piece.content(0, (int) (at - piece.from())), starts, times));
        both.add(rest);
        return both;
    }

    private static void append(PieceBuilder builder, Piece piece) {
        byte[] bytes = piece.content();
        int at = 0;
        for (int i = 0; i < piece.lines(); i++) {
            builder.bytes(bytes, at, piece.start(i));
            builder.line(piece.time(i));
            at = piece.start(i);
        }
        builder.bytes(bytes, at, bytes.length);
    }
}
