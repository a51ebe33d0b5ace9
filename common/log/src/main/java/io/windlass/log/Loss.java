package io.windlass.log;

/**
 * Something that a log may lack.
 *
 * @param at before which byte of what there is
 */
public record Loss(long at, Why why, String message) {
    private static final int LONGEST = 500;

    public Loss {
        message = fit(message);
    }

    /** It may be what a node said, or a container: short, and without control characters. */
    private static String fit(String words) {
        StringBuilder fit = new StringBuilder(Math.min(words.length(), LONGEST));
        words.codePoints()
                .filter(c -> !Character.isISOControl(c))
                .filter(c -> Character.getType(c) != Character.SURROGATE)
                .limit(LONGEST)
                .forEach(fit::appendCodePoint);
        return fit.toString();
    }

    /** How it came about. */
    public enum Why {
        /** The node threw away a file that had not been read to its end. */
        ROTATED,
        /** It was read so far behind that the node may have thrown away a file meanwhile. */
        LAGGED,
        /** The pod went before its log was read to the end. */
        POD_GONE,
        /** The node never gave it. */
        UNREADABLE,
        /** The container was started again before this run of it was read. */
        RESTARTED
    }
}
