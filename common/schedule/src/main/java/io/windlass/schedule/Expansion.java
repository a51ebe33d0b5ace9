package io.windlass.schedule;

import java.util.function.LongConsumer;

/**
 * How much the instances of a set's templates may come to together, counted while they are filled:
 * a few bytes of holes and values may mean gigabytes.
 */
final class Expansion {
    private static final long MOST_CHARACTERS = 32 << 20;
    private static final int MOST_NODES = 2_000_000;
    private static final int BYTES_OF_A_NODE = 64;

    /** As a value, and as the text that is stored. */
    private static final int BYTES_OF_A_CHARACTER = 2;

    private static final long STEP = 64 * 1024;

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

    private final LongConsumer grows;
    private long characters;
    private int nodes;
    private long told;

    /**
     * @param grows is told of so many bytes more, before they are made
     */
    Expansion(LongConsumer grows) {
        this.grows = grows;
    }

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
        long bytes = characters * BYTES_OF_A_CHARACTER + (long) nodes * BYTES_OF_A_NODE;
        if (bytes > told) {
            long more = Math.max(bytes - told, STEP);
            grows.accept(more);
            told += more;
        }
    }
}
