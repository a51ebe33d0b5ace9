package io.windlass.log;

/**
 * How far a log has been read: so far into the line that began then. Times of lines are unique but
 * for neighbours that share a nanosecond, of which it is the nth.
 *
 * @param nanos when the last line began that was read of
 * @param nth of the lines that began in that nanosecond, from 1
 * @param into how many of its bytes were read
 */
public record Position(long nanos, int nth, long into) {
    private static final long SECOND = 1_000_000_000L;

    /** Lines of two streams may be out of order by so much. */
    private static final long OUT_OF_ORDER = SECOND / 10;

    public Position line(long at) {
        return new Position(at, at == nanos ? nth + 1 : 1, 0);
    }

    public Position bytes(long more) {
        return new Position(nanos, nth, into + more);
    }

    /**
     * What to ask a node for, whole seconds as it takes no less: early enough that this line is
     * among what comes.
     */
    public long sinceSeconds() {
        return Math.floorDiv(nanos - OUT_OF_ORDER, SECOND);
    }
}
