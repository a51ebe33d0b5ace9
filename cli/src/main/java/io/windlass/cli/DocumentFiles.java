package io.windlass.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The files of YAML and JSON that a path means: itself, or all that are in the folder. What begins
 * with a dot is hidden: a mounted ConfigMap has each file a second time in such a folder.
 */
final class DocumentFiles {
    private static final Set<String> ENDINGS = Set.of(".yaml", ".yml", ".json");

    private DocumentFiles() {}

    /** In the order of the names. */
    static List<Path> of(Path path) throws Refusal {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try {
            List<Path> files = below(path.toRealPath()).stream().map(path::resolve).toList();
            if (files.isEmpty()) {
                throw new Refusal(path + " has no .yaml, .yml or .json files");
            }
            return files;
        } catch (IOException e) {
            throw unreadable(path, e);
        } catch (UncheckedIOException e) {
            throw unreadable(path, Objects.requireNonNull(e.getCause()));
        }
    }

    private static List<Path> below(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(folder::relativize)
                    .filter(DocumentFiles::isOurs)
                    .sorted()
                    .toList();
        }
    }

    private static Refusal unreadable(Path path, IOException e) {
        return new Refusal(path + " cannot be read: " + Why.ofFile(e));
    }

    private static boolean isOurs(Path file) {
        boolean hidden =
                StreamSupport.stream(file.spliterator(), false)
                        .anyMatch(part -> part.toString().startsWith("."));
        return !hidden && ENDINGS.stream().anyMatch(file.toString()::endsWith);
    }
}
