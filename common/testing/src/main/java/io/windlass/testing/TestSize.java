package io.windlass.testing;

/**
 * How much a test does. {@code make test} runs the quick size, {@code ./mvnw verify} the short one,
 * {@code make full} the full one.
 */
public enum TestSize {
    QUICK,
    SHORT,
    FULL;

    public static final String VARIABLE = "WINDLASS_TEST_SIZE";

    private static final TestSize CHOSEN = named(System.getenv(VARIABLE));

    static TestSize named(String name) {
        return switch (name == null ? "" : name) {
            case "", "short" -> SHORT;
            case "quick" -> QUICK;
            case "full" -> FULL;
            default ->
                    throw new IllegalArgumentException(
                            VARIABLE + " is quick, short or full, and not " + name);
        };
    }

    public static boolean isFull() {
        return CHOSEN == FULL;
    }

    public static <T> T of(T otherwise, T full) {
        return isFull() ? full : otherwise;
    }

    public static <T> T of(T quick, T otherwise, T full) {
        return CHOSEN == QUICK ? quick : of(otherwise, full);
    }
}
