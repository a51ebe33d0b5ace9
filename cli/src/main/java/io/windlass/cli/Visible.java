package io.windlass.cli;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text of jobs for a terminal. What would command the terminal, or change the order in which text
 * is read, is shown as an escape: a job writes into its message what it likes.
 */
final class Visible {
    /** Control characters but tab and end of line, and what turns the direction of text. */
    static final Pattern COMMANDS =
            Pattern.compile(
                    "[\\p{Cc}&&[^\\t\\n]]|[\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]");

    private Visible() {}

    /** Of JSON it makes JSON with the same value. */
    static String of(@Nullable Object text) {
        return COMMANDS.matcher(String.valueOf(text))
                .replaceAll(found -> {
                    String code = String.format(Locale.ROOT, "%04x", (int) found.group().charAt(0));
                    return "\\\\u" + code;
                });
    }

    static boolean isIn(String text) {
        return COMMANDS.matcher(text).find();
    }
}
