package io.windlass.store;

/** What holds for each row that is set aside, whatever it is a row of. */
final class SetAside {
    static final int LONGEST_ERROR = 500;

    private SetAside() {}

    /**
     * How long a row rests: a minute, then twice as long each time, up to an hour.
     *
     * @param tries the column that counts them
     */
    static String restAfter(String tries) {
        return "least(interval '1 hour', interval '1 minute' * power(2, least(%s, 6)))"
                .formatted(tries);
    }
}
