package io.windlass.standalone.localcluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a container's file is answered: parts put together again, with their times or without.
 */
final class LogFilter {
    private static final int TIME_LENGTH = "2026-01-01T00:00:00.000000000Z".length();
    private static final int CONTENT = TIME_LENGTH + " stdout F ".length();

    private static final byte[] SPACE = {' '};
    private static final byte[] NEWLINE = {'\n'};

    private final boolean timestamps;
    private final byte @Nullable [] since;
    private final long tail;
    private final ByteArrayOutputStream part = new ByteArrayOutputStream();
    private boolean newLine = true;
    private long left;
    private long linesToSkip;

    private LogFilter(boolean timestamps, byte @Nullable [] since, long tail, long left) {
        this.timestamps = timestamps;
        this.since = since;
        this.tail = tail;
        this.left = left;
    }

    static LogFilter of(Map<String, String> query) {
        return new LogFilter(
                "true".equals(query.get("timestamps")),
                since(query),
                number(query, "tailLines", -1),
                number(query, "limitBytes", Long.MAX_VALUE));
    }

    private static long number(Map<String, String> query, String name, long otherwise) {
        String text = query.get(name);
        try {
            return text == null ? otherwise : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new ApiException(400, "BadRequest", name + " is no number: " + text);
        }
    }

    /** As the times stand in the file, so that texts compare as times do; whole seconds. */
    private static byte @Nullable [] since(Map<String, String> query) {
        String time = query.get("sinceTime");
        String seconds = query.get("sinceSeconds");
        try {
            Instant at =
                    seconds != null
                            ? Instant.now().minusSeconds(Long.parseLong(seconds))
                            : time == null ? null : OffsetDateTime.parse(time).toInstant();
            return at == null
                    ? null
                    : ContainerOutput.TIME
                            .format(Instant.ofEpochSecond(at.getEpochSecond()))
                            .getBytes(StandardCharsets.US_ASCII);
        } catch (DateTimeException | NumberFormatException e) {
            throw new ApiException(400, "BadRequest", "no time to begin at: " + e.getMessage());
        }
    }

    void skipToTail(Path log) throws IOException {
        if (tail < 0) {
            return;
        }
        long lines = 0;
        int last = '\n';
        byte[] buffer = new byte[64 << 10];
        try (InputStream in = Files.newInputStream(log)) {
            int at = 0;
            int n;
            while ((n = in.read(buffer)) >= 0) {
                for (int i = 0; i < n; i++) {
                    if (at == CONTENT - 2) {
                        last = buffer[i];
                    }
                    boolean end = buffer[i] == '\n';
                    at = end ? 0 : at + 1;
                    lines += end && last == 'F' ? 1 : 0;
                }
            }
        }
        linesToSkip = Math.max(0, lines + (last == 'P' ? 1 : 0) - tail);
    }

    void pass(byte[] buffer, int length, OutputStream out) throws IOException {
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (buffer[i] == '\n') {
                if (part.size() == 0) {
                    pass(buffer, from, i, out);
                } else {
                    part.write(buffer, from, i - from);
                    byte[] record = part.toByteArray();
                    part.reset();
                    pass(record, 0, record.length, out);
                }
                from = i + 1;
            }
        }
        part.write(buffer, from, length - from);
    }

    private void pass(byte[] record, int from, int to, OutputStream out) throws IOException {
        boolean whole = record[from + CONTENT - 2] == 'F';
        if (linesToSkip > 0) {
            linesToSkip -= whole ? 1 : 0;
        } else if (since == null || isNotBefore(since, record, from)) {
            if (timestamps && newLine) {
                write(record, from, from + TIME_LENGTH, out);
                write(SPACE, 0, 1, out);
            }
            write(record, from + CONTENT, to, out);
            if (whole) {
                write(NEWLINE, 0, 1, out);
            }
            newLine = whole;
        }
    }

    private static boolean isNotBefore(byte[] since, byte[] record, int from) {
        return Arrays.compare(record, from, from + TIME_LENGTH, since, 0, TIME_LENGTH) >= 0;
    }

    private void write(byte[] bytes, int from, int to, OutputStream out) throws IOException {
        int n = (int) Math.min(left, to - from);
        out.write(bytes, from, n);
        left -= n;
    }
}
