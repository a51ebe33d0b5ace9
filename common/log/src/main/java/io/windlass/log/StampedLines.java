package io.windlass.log;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;

/**
 * Reads what a kubelet sends with {@code timestamps=true}: every line begins with its time and a
 * space, which are no part of the log. Bytes come in as they were read, cut anywhere.
 */
public final class StampedLines {
    private static final int LONGEST_STAMP = 40;
    private static final int DOT = "2026-01-01T00:00:00".length();
    private static final int USUAL = DOT + ".000000000Z".length();
    private static final long NANOS = 1_000_000_000L;

    private final LineSink sink;
    private final byte[] stamp = new byte[LONGEST_STAMP];
    private final byte[] second = new byte[DOT];
    private long secondNanos;
    private int stampLength;
    private boolean inLine;

    public StampedLines(LineSink sink) {
        this.sink = sink;
    }

    /** What stands where a time should is the node's own words: why there is no log. */
    public static final class NotALogException extends Exception {
        private static final long serialVersionUID = 1L;

        NotALogException(String words) {
            super(words);
        }
    }

    public void feed(byte[] buffer, int length) throws NotALogException {
        int at = 0;
        while (at < length) {
            if (inLine) {
                int end = endOfLine(buffer, at, length);
                sink.bytes(buffer, at, end);
                inLine = buffer[end - 1] != '\n';
                at = end;
            } else if (buffer[at] == ' ') {
                sink.line(stamped());
                stampLength = 0;
                inLine = true;
                at++;
            } else if (stampLength == LONGEST_STAMP) {
                throw notALog(buffer, at, length);
            } else {
                stamp[stampLength++] = buffer[at++];
            }
        }
    }

    /** Past the newline, or where the buffer ends. */
    private static int endOfLine(byte[] buffer, int from, int to) {
        for (int i = from; i < to; i++) {
            if (buffer[i] == '\n') {
                return i + 1;
            }
        }
        return to;
    }

    private String text() {
        return new String(stamp, 0, stampLength, StandardCharsets.UTF_8);
    }

    private NotALogException notALog(byte[] buffer, int from, int to) {
        return new NotALogException(
                text()
                        + new String(
                                buffer, from, Math.min(to - from, 400), StandardCharsets.UTF_8));
    }

    /** Most lines begin in the same second as the one before: only the fraction is read anew. */
    private long stamped() throws NotALogException {
        if (stampLength == USUAL
                && stamp[DOT] == '.'
                && stamp[USUAL - 1] == 'Z'
                && Arrays.equals(stamp, 0, DOT, second, 0, DOT)) {
            int fraction = fraction();
            if (fraction >= 0) {
                return secondNanos + fraction;
            }
        }
        long nanos = nanos(text());
        if (stampLength == USUAL) {
            System.arraycopy(stamp, 0, second, 0, DOT);
            secondNanos = Math.floorDiv(nanos, NANOS) * NANOS;
        }
        return nanos;
    }

    private int fraction() {
        int value = 0;
        for (int i = DOT + 1; i < USUAL - 1; i++) {
            int digit = stamp[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static long nanos(String stamp) throws NotALogException {
        try {
            return nanos(Instant.parse(stamp));
        } catch (DateTimeException e) {
            throw new NotALogException(stamp);
        }
    }

    public static long nanos(Instant instant) {
        return instant.getEpochSecond() * NANOS + instant.getNano();
    }

    public static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
    }
}
