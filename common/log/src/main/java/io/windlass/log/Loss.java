package io.windlass.log;

/**
 * Something that a log may lack.
 *
 * @param at before which byte of what there is
 */
public record Loss(long at, Why why, String message) {
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
