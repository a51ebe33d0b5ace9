package io.windlass.job;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Calls for a job that has not started, one after the other, that came to no answer.
 *
 * @param failures in a row
 * @param nextPostAt before which no other POST is sent for it; looks do not wait for that
 */
public record CallTrouble(int failures, Instant nextPostAt) {
    private static final int TOLD_AFTER = 2;
    private static final Duration SHORTEST = Duration.ofSeconds(15);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int DOUBLINGS = 5;

    /** The second POST may follow at once; from then on each waits twice as long. */
    static CallTrouble ofPost(@Nullable CallTrouble before, Instant now, Duration atLeast) {
        int failures = before == null ? 1 : before.next();
        Duration backOff = failures < TOLD_AFTER ? Duration.ZERO : backOff(failures - TOLD_AFTER);
        return new CallTrouble(failures, now.plus(longer(backOff, atLeast)));
    }

    static CallTrouble ofOtherCall(@Nullable CallTrouble before, Instant now) {
        return before == null
                ? new CallTrouble(1, now)
                : new CallTrouble(before.next(), before.nextPostAt());
    }

    private int next() {
        return Math.min(failures, Integer.MAX_VALUE - 1) + 1;
    }

    private static Duration backOff(int doublings) {
        Duration doubled = SHORTEST.multipliedBy(1L << Math.min(doublings, DOUBLINGS));
        return doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? b : a;
    }

    boolean isTold() {
        return failures >= TOLD_AFTER;
    }

    boolean holdsPostAt(Instant now) {
        return nextPostAt.isAfter(now);
    }
}
