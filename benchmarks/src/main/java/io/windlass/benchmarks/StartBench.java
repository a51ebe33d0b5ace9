package io.windlass.benchmarks;

import io.windlass.harness.Service;
import io.windlass.harness.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How long a service takes from its launch to its readiness, and how much memory it has. */
final class StartBench {
    private static final int TIMES = 3;

    private StartBench() {}

    /** The memory is that after all the load before. */
    static void run(Stack stack, Results results) throws Exception {
        for (String module : Bench.MODULES) {
            Service service = stack.services(module).getFirst();
            long memory = residentKib(service.process().pid());
            Timings starts = new Timings();
            for (int i = 0; i < TIMES; i++) {
                service.kill();
                long begin = System.nanoTime();
                service.startAgain();
                service.awaitReady();
                starts.add(System.nanoTime() - begin);
            }
            results.put(
                    module + ": launch to ready; resident memory after the load",
                    "%.1f s; %d MiB".formatted(starts.millis(50) / 1_000, memory >> 10));
            results.figure(
                    module + ", launch to ready",
                    "s",
                    Figure.Better.LOWER,
                    starts.millis(50) / 1_000);
            results.figure(
                    module + ", resident after the load",
                    "MiB",
                    Figure.Better.LOWER,
                    memory / 1_024.0);
        }
    }

    static long residentKib(long pid) throws IOException {
        String line =
                Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                        .filter(l -> l.startsWith("VmRSS:"))
                        .findFirst()
                        .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", ""));
    }
}
