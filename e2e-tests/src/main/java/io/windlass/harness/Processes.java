package io.windlass.harness;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Processes that end together. */
final class Processes {
    private Processes() {}

    /**
     * Asks all of them to end before it waits for any, so that they end in the time of the slowest.
     * Kills what has not ended by then; nothing is left.
     */
    static void stopAll(List<Process> processes, Duration patience) {
        processes.forEach(Process::destroy);
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            for (Process process : processes) {
                process.waitFor(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            processes.forEach(Process::destroyForcibly);
            processes.forEach(process -> process.onExit().join());
        }
    }
}
