package io.windlass.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * Bodies that once did harm, one in a line: those of {@code src/test/resources/bodies} are sent
 * again in each run. A new one is written below {@code target}, and said: its line belongs there.
 */
enum KeptBodies {
    JOBS,
    SCHEDULES,
    SETS;

    static final int PORTION = 100;
    private static final Path FAILING = Path.of("target", "failing-bodies");

    private String file() {
        return name().toLowerCase(Locale.ROOT) + ".ndjson";
    }

    private List<String> all() {
        try (InputStream in = KeptBodies.class.getResourceAsStream("/bodies/" + file())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is made of a seed. */
    interface Make {
        String body(long seed);
    }

    /** Those that once did harm, and then so many new ones, in portions. */
    List<List<String>> portions(int bodies, Make make) {
        List<List<String>> portions = new ArrayList<>();
        portions.add(all());
        for (int from = 0; from < bodies; from += PORTION) {
            portions.add(LongStream.range(from, from + PORTION).mapToObj(make::body).toList());
        }
        return portions;
    }

    /** What a body must come through. */
    interface Check {
        void run() throws Exception;
    }

    /** Runs a check of these bodies; where it fails, they are kept. */
    void keptUnless(List<String> bodies, Check check) throws Exception {
        try {
            check.run();
        } catch (Exception | AssertionError e) {
            Files.createDirectories(FAILING);
            Path file = FAILING.resolve(file());
            Files.write(file, bodies, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            System.out.printf(
                    "[windlass tests] %d bodies failed; to keep them, add their lines of %s to src/test/resources/bodies/%s%n",
                    bodies.size(), file, file());
            throw e;
        }
    }
}
