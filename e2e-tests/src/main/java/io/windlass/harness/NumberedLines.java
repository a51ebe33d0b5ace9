package io.windlass.harness;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * So many bytes of lines that are all different, by a shell and as they should be. The lines are as
 * long as most are: nodes send each by itself, and are slow with short ones.
 */
public record NumberedLines(int from, int bytes) {
    public static final String PADDING = "-".repeat(64);

    public String script() {
        return "seq %d 100000000 | sed 's/^/%s/' | head -c %d".formatted(from, PADDING, bytes);
    }

    public String sha256() {
        return LogClient.sha256(content());
    }

    public byte[] content() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes + 128);
        for (int i = from; out.size() < bytes; i++) {
            out.writeBytes((PADDING + i + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        return Arrays.copyOf(out.toByteArray(), bytes);
    }
}
