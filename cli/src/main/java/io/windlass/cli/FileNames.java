package io.windlass.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Names of files as people give them. */
final class FileNames {
    private FileNames() {}

    static Path path(String name) throws Refusal {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw Refusal.wrongCall(
                    "'%s' is no name of a file here (%s); where it has letters beyond ASCII, set LC_ALL to a locale with UTF-8"
                            .formatted(name, e.getReason()));
        }
    }
}
