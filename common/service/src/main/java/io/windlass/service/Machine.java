package io.windlass.service;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a process gets from the machine that it runs on: a clock that only moves forward, rest,
 * chance, and threads. Injected, so that a simulation can own all of it.
 */
public interface Machine {
    long nanoTime();

    void sleep(Duration length) throws InterruptedException;

    UUID randomId();

    /** From 0 to 1. */
    double chance();

    /** On a thread of its own. */
    void execute(Runnable work);

    /** The one that this JVM runs on. */
    final class Real implements Machine {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void sleep(Duration length) throws InterruptedException {
            Thread.sleep(length);
        }

        @Override
        public UUID randomId() {
            return UUID.randomUUID();
        }

        @Override
        public double chance() {
            return ThreadLocalRandom.current().nextDouble();
        }

        @Override
        public void execute(Runnable work) {
            Thread.startVirtualThread(work);
        }
    }
}
