package io.windlass.job;

import org.jspecify.annotations.Nullable;

/**
 * Text from a cluster, made fit to keep: no NUL (PostgreSQL has none), no lone surrogate, of
 * bounded length.
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
        text.codePoints()
                .limit(max)
                .filter(c -> c != 0)
                .map(c -> Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
                .forEach(out::appendCodePoint);
        return text.length() > max ? out + "…" : out.toString();
    }
}
