package io.windlass.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Virtual time, chance from one seed, and everything that is going to happen. */
final class World implements InstantSource {
    static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private record Happening(long at, long order, Runnable what) implements Comparable<Happening> {
        @Override
        public int compareTo(Happening other) {
            int time = Long.compare(at, other.at);
            return time != 0 ? time : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Happening> future = new PriorityQueue<>();
    private final SplittableRandom random;
    private long nanos;
    private long order;
    private long trace = 17;

    World(long seed) {
        random = new SplittableRandom(seed);
    }

    SplittableRandom random() {
        return random;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Short ones far more often than long ones. */
    Duration upTo(Duration most) {
        double share = random.nextDouble();
        return Duration.ofNanos((long) (most.toNanos() * share * share));
    }

    long nanos() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return BEGINNING.plusNanos(nanos);
    }

    void after(Duration delay, Runnable what) {
        at(nanos + Math.max(0, delay.toNanos()), what);
    }

    void at(long when, Runnable what) {
        future.add(new Happening(Math.max(when, nanos), order++, what));
    }

    /** Lets time pass, event by event. */
    void runFor(Duration length) {
        runUntil(nanos + length.toNanos());
    }

    private void runUntil(long end) {
        Happening next = future.peek();
        while (next != null && next.at() <= end) {
            future.poll();
            nanos = next.at();
            next.what().run();
            next = future.peek();
        }
        nanos = end;
    }

    /** Of all that was done, in its order: two runs that are the same have the same. */
    void traced(Object what) {
        trace = trace * 31 + nanos;
        trace = trace * 31 + what.toString().hashCode();
    }

    long trace() {
        return trace;
    }
}
