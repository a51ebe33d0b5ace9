package io.windlass.harness;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** To processes, as a shell sends them. */
public final class Signals {
    private Signals() {}

    /** Frozen: it neither works nor ends, and its connections stay open. */
    public static void stop(List<ProcessHandle> processes) throws IOException {
        send("-STOP", processes);
    }

    public static void goOn(List<ProcessHandle> processes) throws IOException {
        send("-CONT", processes);
    }

    private static void send(String signal, List<ProcessHandle> processes) throws IOException {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        processes.stream()
                .filter(ProcessHandle::isAlive)
                .forEach(p -> command.add(Long.toString(p.pid())));
        if (command.size() == 2) {
            return;
        }
        try {
            new ProcessBuilder(command).start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
