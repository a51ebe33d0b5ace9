package io.windlass.harness;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** Shows a process another time of day, by a library that is compiled here; needs a C compiler. */
public final class OtherClock {
    private final Path library;

    public OtherClock() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("windlass-clock");
        Path source = folder.resolve("clock.c");
        try (InputStream text = OtherClock.class.getResourceAsStream("clock.c")) {
            Files.copy(Objects.requireNonNull(text), source);
        }
        library = folder.resolve("clock.so");
        int code =
                new ProcessBuilder(
                                "cc",
                                "-shared",
                                "-fPIC",
                                "-o",
                                library.toString(),
                                source.toString())
                        .inheritIO()
                        .start()
                        .waitFor();
        if (code != 0) {
            throw new IOException("cc " + source + " came to " + code);
        }
    }

    /** The environment of a process whose clock is off by so much. */
    public Map<String, String> off(Duration shift) {
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "WINDLASS_TEST_CLOCK_SHIFT",
                Long.toString(shift.toSeconds()));
    }
}
