package io.windlass.store;

import java.time.Duration;
import java.time.Instant;

/**
 * From when on an index is walked through that is ordered by time. While some old snapshot is open,
 * entries of what is done stay at its left end, and would be stepped over again each time. What is
 * committed now may have the time of its transaction's beginning, which is no older than a
 * transaction may be.
 */
final class Floor {
    /** More than {@code transaction_timeout}. */
    private static final Duration OLDEST_TRANSACTION = Duration.ofSeconds(11);

    private final Duration betweenWholeWalks;
    private Instant from = Instant.EPOCH;
    private Instant wholeAt = Instant.EPOCH;

    /** What has an older time nevertheless waits no longer than until the next whole walk. */
    Floor(Duration betweenWholeWalks) {
        this.betweenWholeWalks = betweenWholeWalks;
    }

    synchronized Instant at(Instant now) {
        boolean whole = now.isBefore(wholeAt) || now.isAfter(wholeAt.plus(betweenWholeWalks));
        return whole ? Instant.EPOCH : from;
    }

    /** Of a walk that began there, at that moment, and found all that there was. */
    synchronized void walked(Instant floor, Instant now) {
        from = now.minus(OLDEST_TRANSACTION);
        if (floor.equals(Instant.EPOCH)) {
            wholeAt = now;
        }
    }
}
