package io.windlass.simulator;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * How bad it is in one run. Each seed has faults of its own mixture: what only breaks where some
 * faults are many and others none would not be found by an even rain.
 */
record Weather(
        double databaseRefuses,
        double databaseAnswerLost,
        double clusterRefuses,
        double clusterAnswerLost,
        double clusterStalls,
        double queueRefuses,
        double messageLost,
        double messageDoubled,
        double messageLate,
        double watchGap,
        double killed,
        double frozen,
        double frozenForHours,
        double jobDeleted,
        double etcdRestored,
        double databaseRestored,
        Duration slowness,
        Duration skew) {

    private static final Duration MOST_SKEW = Duration.ofHours(1);

    static final Weather CALM =
            new Weather(
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    Duration.ofMillis(20),
                    Duration.ZERO);

    static Weather of(SplittableRandom random) {
        return new Weather(
                some(random, 0.15),
                some(random, 0.15),
                some(random, 0.2),
                some(random, 0.2),
                some(random, 0.15),
                some(random, 0.2),
                some(random, 0.3),
                some(random, 0.4),
                some(random, 0.5),
                some(random, 0.2),
                some(random, 0.6),
                some(random, 0.6),
                some(random, 0.15),
                some(random, 0.1),
                random.nextInt(12) == 0 ? 1 : 0,
                random.nextInt(12) == 0 ? 1 : 0,
                Duration.ofMillis(5 + random.nextInt(random.nextInt(4) == 0 ? 4_000 : 200)),
                Duration.ofSeconds(random.nextLong(-MOST_SKEW.toSeconds(), MOST_SKEW.toSeconds())));
    }

    /** Often none at all. */
    private static double some(SplittableRandom random, double most) {
        return random.nextInt(3) == 0 ? 0 : random.nextDouble() * random.nextDouble() * most;
    }

    /** All is well again; clocks stay as wrong as they were. */
    Weather healed() {
        return new Weather(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, CALM.slowness(), skew);
    }
}
