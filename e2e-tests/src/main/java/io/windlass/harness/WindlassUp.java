package io.windlass.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** {@code ./windlass up}, as somebody runs it who has nothing else. */
public final class WindlassUp implements AutoCloseable {
    private static final String READY = "Windlass is ready on ";

    private final Process process;
    private final Api api;

    private WindlassUp(Process process, Api api) {
        this.process = process;
        this.api = api;
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param root of the project
     * @param data the folder where everything is kept
     */
    public static WindlassUp start(Path root, Path data) throws IOException {
        Path log = Files.createTempFile("windlass-up", ".log");
        Process process =
                new ProcessBuilder(
                                root.resolve("windlass").toAbsolutePath().toString(),
                                "up",
                                "--data",
                                data.toString(),
                                "--port",
                                "0")
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        Awaitility.await("windlass up is ready; its log is " + log)
                .atMost(Duration.ofMinutes(5))
                .until(() -> Files.readString(log).contains(READY) || !process.isAlive());
        String line =
                Files.readAllLines(log).stream()
                        .filter(l -> l.startsWith(READY))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException(read(log)));
        String header = Files.readString(data.resolve("auth-header")).strip();
        Files.delete(log);
        return new WindlassUp(
                process,
                new Api(
                        line.substring(READY.length()),
                        header.substring("Authorization: Bearer ".length())));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Api api() {
        return api;
    }

    /** It, and everything that it has started. */
    public List<ProcessHandle> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    }

    /** Ends it as Ctrl-C does, and waits. */
    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
