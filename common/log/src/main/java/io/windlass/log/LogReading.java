package io.windlass.log;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A log while it is read: what was read of it and not taken yet, and the sum of all. */
public final class LogReading implements LineSink {
    private static final int MOST_LOSSES = 100;

    private final PieceBuilder gathered = new PieceBuilder();
    private final Digest digest;
    private final List<Loss> losses;
    private @Nullable Position position;
    private long bytes;
    private long lines;
    private int run;

    private LogReading(State state, Digest digest) {
        this.digest = digest;
        this.losses = new ArrayList<>(state.losses());
        this.position = state.position();
        this.bytes = state.bytes();
        this.lines = state.lines();
        this.run = state.run();
    }

    /**
     * All that another process needs to go on.
     *
     * @param position in this run of the container; null before its first line
     * @param digest a SHA-256 put down
     * @param run how often the container was started before
     */
    public record State(
            long bytes,
            long lines,
            @Nullable Position position,
            String digest,
            int run,
            List<Loss> losses) {
        public State {
            losses = List.copyOf(losses);
        }
    }

    public static LogReading begun() {
        return new LogReading(new State(0, 0, null, "", 0, List.of()), new Digest());
    }

    public static LogReading takenUp(State state) {
        return state.digest().isEmpty()
                ? begun()
                : new LogReading(state, Digest.takenUp(state.digest()));
    }

    @Override
    public void line(long nanos) {
        position = position == null ? new Position(nanos, 1, 0) : position.line(nanos);
        lines++;
        gathered.line(nanos);
    }

    @Override
    public void bytes(byte[] buffer, int from, int to) {
        if (position == null) {
            throw new IllegalStateException("bytes before the first line");
        }
        position = position.bytes(to - from);
        bytes += to - from;
        digest.update(buffer, from, to);
        gathered.bytes(buffer, from, to);
    }

    /** All are stored with each step, so that there may not be any number of them. */
    public void lost(Loss.Why why, String message) {
        if (losses.size() < MOST_LOSSES) {
            losses.add(new Loss(bytes, why, message));
        } else if (losses.size() == MOST_LOSSES) {
            losses.add(new Loss(bytes, why, "in many places from here on; the first: " + message));
        }
    }

    public List<Loss> losses() {
        return List.copyOf(losses);
    }

    /** Its container begins again, with a log of its own. */
    public void nextRun(int number) {
        run = number;
        position = null;
    }

    public int run() {
        return run;
    }

    public @Nullable Position position() {
        return position;
    }

    public long bytes() {
        return bytes;
    }

    public long lines() {
        return lines;
    }

    public int gathered() {
        return gathered.size();
    }

    /** What was read since the last time. */
    public Piece take() {
        return gathered.take(bytes - gathered.size());
    }

    public State state() {
        return new State(bytes, lines, position, digest.putDown(), run, losses);
    }

    public String sha256() {
        return digest.hex();
    }
}
