package io.windlass.json;

/**
 * Characters that cannot be kept: PostgreSQL has no NUL and no lone surrogates, and queues refuse
 * U+FFFE and U+FFFF.
 */
final class TextCheck {
    private TextCheck() {}

    static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (isForbidden(c)) {
                return false;
            }
        }
        return true;
    }

    /** A key as a pointer may show it. */
    static String shown(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c <= Character.MAX_VALUE && isForbidden((char) c) ? 0xFFFD : c)
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    private static boolean isForbidden(char c) {
        return c == 0 || Character.isSurrogate(c) || c >= 0xFFFE;
    }
}
