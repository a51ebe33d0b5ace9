package io.windlass.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** What Java's files lack. */
public final class Folders {
    private Folders() {}

    /** With everything in it. */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder).sorted(Comparator.reverseOrder())) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Files.delete(path);
            }
        }
    }
}
