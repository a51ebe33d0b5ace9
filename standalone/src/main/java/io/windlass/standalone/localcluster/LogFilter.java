package io.windlass.standalone.localcluster;

import java.io.BufferedInputStream;
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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a container's file is answered: parts put together again, with their times or without.
 */
final class LogFilter {
    private static final int TIME_LENGTH = "2026-01-01T00:00:00.000000000Z".length();
    private static final int CONTENT = TIME_LENGTH + " stdout F ".length();

    private final boolean timestamps;
    private final @Nullable String since;
    private final long tail;
    private final ByteArrayOutputStream part = new ByteArrayOutputStream();
    private boolean newLine = true;
    private long left;
    private long linesToSkip;

    private LogFilter(boolean timestamps, @Nullable String since, long tail, long left) {
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
    private static @Nullable String since(Map<String, String> query) {
        String time = query.get("sinceTime");
        String seconds = query.get("sinceSeconds");
        try {
            Instant at =
                    seconds != null
                            ? Instant.now().minusSeconds(Long.parseLong(seconds))
                            : time == null ? null : OffsetDateTime.parse(time).toInstant();
            return at == null
                    ? null
                    : ContainerOutput.TIME.format(Instant.ofEpochSecond(at.getEpochSecond()));
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
        try (InputStream in = new BufferedInputStream(Files.newInputStream(log), 64 << 10)) {
            int at = 0;
            int b;
            while ((b = in.read()) >= 0) {
                if (at == CONTENT - 2) {
                    last = b;
                }
                at = b == '\n' ? 0 : at + 1;
                lines += b == '\n' && last == 'F' ? 1 : 0;
            }
        }
        linesToSkip = Math.max(0, lines + (last == 'P' ? 1 : 0) - tail);
    }

    void pass(byte[] buffer, int length, OutputStream out) throws IOException {
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (buffer[i] == '\n') {
                part.write(buffer, from, i - from);
                from = i + 1;
                pass(part.toByteArray(), out);
                part.reset();
            }
        }
        part.write(buffer, from, length - from);
    }

    private void pass(byte[] record, OutputStream out) throws IOException {
        boolean whole = record[CONTENT - 2] == 'F';
        String time = new String(record, 0, TIME_LENGTH, StandardCharsets.US_ASCII);
        if (linesToSkip > 0) {
            linesToSkip -= whole ? 1 : 0;
        } else if (since == null || time.compareTo(since) >= 0) {
            if (timestamps && newLine) {
                write((time + " ").getBytes(StandardCharsets.US_ASCII), 0, out);
            }
            write(record, CONTENT, out);
            if (whole) {
                write(new byte[] {'\n'}, 0, out);
            }
            newLine = whole;
        }
    }

    private void write(byte[] bytes, int from, OutputStream out) throws IOException {
        int n = (int) Math.min(left, bytes.length - from);
        out.write(bytes, from, n);
        left -= n;
    }
}
