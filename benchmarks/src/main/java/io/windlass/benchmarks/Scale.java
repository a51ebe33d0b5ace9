package io.windlass.benchmarks;

import java.time.Duration;

/**
 * How much of everything: the full size is for figures, the short one only shows that they can be
 * taken: its numbers are of cold JVMs and mean nothing.
 */
record Scale(
        Duration warmUp,
        Duration measured,
        int drained,
        int answers,
        int backlog,
        int samples,
        boolean forFigures) {
    static final Scale FULL =
            new Scale(
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(20),
                    2_000,
                    300,
                    1_000_000,
                    200,
                    true);
    static final Scale SHORT =
            new Scale(Duration.ofSeconds(2), Duration.ofSeconds(2), 60, 10, 1_000, 10, false);

    Scale drained(int other) {
        return new Scale(warmUp, measured, other, answers, backlog, samples, forFigures);
    }
}
