package io.windlass.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a run measured, as a table that can be pasted into the docs. */
public final class Figures {
    private static final Map<String, String> FIGURES = new LinkedHashMap<>();

    private Figures() {}

    public static Duration put(String what, Instant since) {
        Duration took = Duration.between(since, Instant.now());
        put(what, "%.1f s".formatted(took.toMillis() / 1000.0));
        return took;
    }

    public static synchronized void put(String what, String figure) {
        FIGURES.put(what, figure);
    }

    public static synchronized void print() {
        StringBuilder table = new StringBuilder("| what | measured |\n| --- | --- |\n");
        FIGURES.forEach((what, figure) -> table.append("| %s | %s |%n".formatted(what, figure)));
        System.out.println(table);
        try {
            Files.writeString(Path.of("target", "figures.md"), table);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
