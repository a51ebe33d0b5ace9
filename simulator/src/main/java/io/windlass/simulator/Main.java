package io.windlass.simulator;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** {@code Main FIRST COUNT}: runs as many seeds as one has patience for, on all cores. */
public final class Main {
    private static final int SHOWN = 20;

    private Main() {}

    public static void main(String[] args) throws InterruptedException {
        long first = args.length > 0 ? Long.parseLong(args[0]) : 1;
        long count = args.length > 1 ? Long.parseLong(args[1]) : 20_000;
        long begun = System.nanoTime();
        List<Simulation.Outcome> failed = run(first, count, true);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        System.out.printf(
                "%d seeds from %d in %s: %d with violations%n", count, first, took, failed.size());
        for (Simulation.Outcome outcome : failed.subList(0, Math.min(SHOWN, failed.size()))) {
            System.out.println("seed " + outcome.seed());
            outcome.violations().stream().limit(3).forEach(v -> System.out.println("  " + v));
        }
        System.exit(failed.isEmpty() ? 0 : 1);
    }

    /** Those seeds in which something was wrong. */
    static List<Simulation.Outcome> run(long first, long count, boolean progress)
            throws InterruptedException {
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
                                    Simulation.Outcome outcome = Simulation.run(seed, metrics);
                                    if (!outcome.violations().isEmpty()) {
                                        failed.add(outcome);
                                    }
                                    if (progress && seed % 10_000 == 0) {
                                        System.out.println("seed " + seed + " …");
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
