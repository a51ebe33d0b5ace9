package io.windlass.log;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * Reads what a kubelet sends with {@code timestamps=true}: every line begins with its time and a
 * space, which are no part of the log. Bytes come in as they were read, cut anywhere.
 */
public final class StampedLines {
    private static final int LONGEST_STAMP = 40;
    private static final long NANOS = 1_000_000_000L;

    private final LineSink sink;
    private final byte[] stamp = new byte[LONGEST_STAMP];
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
                sink.line(nanos(text()));
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
