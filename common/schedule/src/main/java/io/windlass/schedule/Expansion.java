package io.windlass.schedule;

/**
 * How much the instances of a set's templates may come to together, counted while they are filled:
 * a few bytes of holes and values may mean gigabytes.
 */
final class Expansion {
    private static final long MOST_CHARACTERS = 64 << 20;
    private static final int MOST_NODES = 2_000_000;

    /** It would be more than that. */
    static final class TooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super(
                    "makes too much together with those before it: the instances of a set may have "
                            + MOST_CHARACTERS
                            + " characters and "
                            + MOST_NODES
                            + " values",
                    null,
                    false,
                    false);
        }
    }

    private long characters;
    private int nodes;

    /** Before a text of that length is made. */
    void text(int length) {
        characters += length;
        check();
    }

    void node() {
        nodes++;
        check();
    }

    private void check() {
        if (characters > MOST_CHARACTERS || nodes > MOST_NODES) {
            throw new TooLargeException();
        }
    }
}
