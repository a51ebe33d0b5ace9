package io.windlass.gateway;

import java.time.Duration;

/** How long a log rests that could not be stored by itself, as its row says it, too. */
final class SetAside {
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MOST_DOUBLED = 6;

    private int tries;
    private long until;

    SetAside(int tries, Duration rest) {
        this.tries = tries;
        this.until = System.nanoTime() + rest.toNanos();
    }

    synchronized boolean rests() {
        return tries > 0 && System.nanoTime() - until < 0;
    }

    synchronized Duration failed() {
        Duration rest = FIRST.multipliedBy(1L << Math.min(tries, MOST_DOUBLED));
        rest = rest.compareTo(LONGEST) > 0 ? LONGEST : rest;
        tries++;
        until = System.nanoTime() + rest.toNanos();
        return rest;
    }

    synchronized void over() {
        tries = 0;
    }
}
