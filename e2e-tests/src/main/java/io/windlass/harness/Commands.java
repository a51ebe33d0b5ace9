package io.windlass.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs as a person would run them. */
public final class Commands {
    private Commands() {}

    /** What it says; with what it complains of where it fails. */
    public static String run(Path directory, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        return run(directory, environment, command, "", Duration.ofMinutes(10));
    }

    public static String run(
            Path directory,
            Map<String, String> environment,
            List<String> command,
            String input,
            Duration most)
            throws IOException, InterruptedException {
        Path errors = Files.createTempFile("windlass-command", ".err");
        Path output = Files.createTempFile("windlass-command", ".out");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        try {
            if (!process.waitFor(most.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " has not ended in " + most);
            }
            String said = Files.readString(output);
            if (process.exitValue() != 0) {
                throw new IOException(
                        "%s: exit code %d\n%s%s"
                                .formatted(
                                        command,
                                        process.exitValue(),
                                        said,
                                        Files.readString(errors)));
            }
            return said;
        } finally {
            Files.deleteIfExists(output);
            Files.deleteIfExists(errors);
        }
    }
}
