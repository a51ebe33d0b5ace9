package io.windlass.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A log for a terminal: bytes pass as they are, but for characters in UTF-8 that would command the
 * terminal ({@link Visible}).
 */
final class VisibleOutput extends FilterOutputStream {
    /** The longest such character. */
    private static final int MOST_BYTES = 3;

    /** The beginning of a character whose end has not come. */
    private final byte[] begun = new byte[MOST_BYTES];

    private int length;

    VisibleOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        if (length > 0 && (b & 0xC0) != 0x80) {
            pass();
        }
        begun[length++] = (byte) b;
        if (length == bytes(begun[0])) {
            pass();
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        for (int i = offset; i < offset + count; i++) {
            write(bytes[i]);
        }
    }

    /** As many bytes as a character has that begins so; 1 for what is none of those looked for. */
    private static int bytes(byte first) {
        return switch (first & 0xFF) {
            case 0xC2, 0xD8 -> 2;
            case 0xE2 -> 3;
            default -> 1;
        };
    }

    private void pass() throws IOException {
        byte[] whole = Arrays.copyOf(begun, length);
        length = 0;
        String text = new String(whole, StandardCharsets.UTF_8);
        out.write(Visible.isIn(text) ? Visible.of(text).getBytes(StandardCharsets.UTF_8) : whole);
    }

    /** What came of a character that never ended goes out as it is. */
    void finish() throws IOException {
        if (length > 0) {
            pass();
        }
        flush();
    }
}
