package io.windlass.simulator;

import io.windlass.testing.TestSize;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Seeds one after the other, and where they come from. A run of the short size has as many of its
 * own as fixed ones, so that the same code is not always tried with the same seeds; a run of the
 * full size has new ones each day.
 */
record SeedRange(long first, long count, String origin) {
    static final String FIRST = "WINDLASS_SIMULATION_FIRST";
    static final String SEEDS = "WINDLASS_SIMULATION_SEEDS";

    private static final long FEW = 300;
    private static final long HALF = 10_000;
    private static final long MANY = 200_000;

    /** Days stay below the seeds of commits, and both below the 48 bits that a Random takes. */
    private static final long OF_ONE_DAY = 1_000_000;

    private static final long FIRST_OF_COMMITS = 1_000_000_000_000L;
    private static final int DIGITS = 8;

    static List<SeedRange> of(
            TestSize size, Map<String, String> asked, Optional<String> commit, LocalDate today) {
        if (asked.containsKey(FIRST) || asked.containsKey(SEEDS)) {
            return List.of(asked(size, asked, today));
        }
        return switch (size) {
            case QUICK -> List.of(fixed(FEW));
            case SHORT ->
                    commit.map(id -> List.of(fixed(HALF), of(id)))
                            .orElseGet(() -> List.of(fixed(2 * HALF)));
            case FULL -> List.of(new SeedRange(firstOf(today), MANY, "of " + today));
        };
    }

    private static SeedRange asked(TestSize size, Map<String, String> asked, LocalDate today) {
        long first = size == TestSize.FULL ? firstOf(today) : 1;
        long count =
                switch (size) {
                    case QUICK -> FEW;
                    case SHORT -> 2 * HALF;
                    case FULL -> MANY;
                };
        return new SeedRange(
                Long.parseLong(asked.getOrDefault(FIRST, Long.toString(first))),
                Long.parseLong(asked.getOrDefault(SEEDS, Long.toString(count))),
                "asked for");
    }

    private static SeedRange fixed(long count) {
        return new SeedRange(1, count, "fixed");
    }

    private static SeedRange of(String commit) {
        long number = Long.parseLong(commit.substring(0, DIGITS), 16);
        return new SeedRange(FIRST_OF_COMMITS + number * HALF, HALF, "of commit " + commit);
    }

    private static long firstOf(LocalDate day) {
        return day.toEpochDay() * OF_ONE_DAY;
    }

    long last() {
        return first + count - 1;
    }

    /** What a person types to have it once more. */
    String again() {
        return "%s=%d %s=%d ./mvnw test -pl simulator -am -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false"
                .formatted(FIRST, first, SEEDS, count);
    }
}
