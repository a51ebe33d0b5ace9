package io.windlass.json;

/**
 * How much a text from outside may hold. Characters that PostgreSQL or SQS refuses are not taken at
 * all.
 *
 * @param depth of objects and arrays in each other
 * @param nodes values in all, objects and arrays among them
 */
public record JsonBounds(int depth, int nodes) {
    /** Of a number that is written without an exponent. */
    static final int DIGITS = 40;

    /** More of what is wrong is not told, and not looked for. */
    static final int ERRORS = 20;

    private static final int DEPTH = 64;
    private static final int NODES = 200_000;
    private static final int BYTES_OF_A_NODE = 8;

    /** Of a text that may have so many bytes. */
    public static JsonBounds ofBytes(int most) {
        return new JsonBounds(DEPTH, Math.min(NODES, Math.max(1, most / BYTES_OF_A_NODE)));
    }
}
