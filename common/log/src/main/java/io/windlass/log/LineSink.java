package io.windlass.log;

/** Takes a log as it is read: each line's beginning, then its bytes, in pieces of any size. */
public interface LineSink {
    /** A line begins here; {@code nanos} since 1970 is when it was written. */
    void line(long nanos);

    /** The newline belongs to its line. */
    void bytes(byte[] buffer, int from, int to);
}
