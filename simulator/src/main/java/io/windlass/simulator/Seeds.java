package io.windlass.simulator;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Runs many seeds, on all cores. */
final class Seeds {
    private Seeds() {}

    /** A run that breaks is no run in which nothing was wrong. */
    private static Simulation.Outcome outcome(long seed, SimpleMeterRegistry metrics) {
        try {
            return Simulation.run(seed, metrics);
        } catch (RuntimeException | Error e) {
            return new Simulation.Outcome(seed, List.of("broke off: " + e), 0, 0, 0, 0);
        }
    }

    /** Those seeds in which something was wrong. */
    static List<Simulation.Outcome> run(long first, long count) throws InterruptedException {
        AtomicLong next = new AtomicLong(first);
        ConcurrentLinkedQueue<Simulation.Outcome> failed = new ConcurrentLinkedQueue<>();
        Thread[] threads = new Thread[Runtime.getRuntime().availableProcessors()];
        for (int i = 0; i < threads.length; i++) {
            threads[i] =
                    Thread.ofPlatform()
                            .start(() -> {
                                SimpleMeterRegistry metrics = new SimpleMeterRegistry();
                                long seed = next.getAndIncrement();
                                while (seed < first + count) {
                                    Simulation.Outcome outcome = outcome(seed, metrics);
                                    if (!outcome.violations().isEmpty()) {
                                        failed.add(outcome);
                                    }
                                    if (seed % 10_000 == 0) {
                                        System.out.println("[simulator] seed " + seed + " …");
                                    }
                                    seed = next.getAndIncrement();
                                }
                            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return List.copyOf(failed);
    }
}
