package io.windlass.job;

import org.jspecify.annotations.Nullable;

/**
 * Text from a cluster, made fit to keep and to send: of bounded length, and of characters that the
 * queue and PostgreSQL take. Any other is shown as U+FFFD.
 */
public final class BoundedText {
    public static final int MESSAGE = 2_000;

    private BoundedText() {}

    private static final int ENOUGH = 8_000;

    /** What is behind it tells nothing more, and a pattern should not have to read a megabyte. */
    static String start(String text) {
        return text.substring(0, Math.min(text.length(), ENOUGH));
    }

    public static String of(@Nullable String text) {
        return of(text, MESSAGE);
    }

    public static String of(@Nullable String text, int max) {
        if (text == null) {
            return "";
        }
        StringBuilder out = new StringBuilder(Math.min(text.length(), max));
        text.codePoints().limit(max).map(BoundedText::fit).forEach(out::appendCodePoint);
        return text.length() > max ? out + "…" : out.toString();
    }

    /** Those that SQS takes: XML's, without control characters but tab and the ends of lines. */
    private static int fit(int c) {
        boolean known = c == '\t' || c == '\n' || c == '\r';
        boolean plain = c >= 0x20 && c <= 0xFFFD && Character.getType(c) != Character.SURROGATE;
        return known || plain || c > 0xFFFF ? c : 0xFFFD;
    }
}
