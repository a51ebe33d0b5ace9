package io.windlass.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where {@code windlass up} keeps what it has, and where other commands look for it. */
final class DataFolder {
    static final String VARIABLE = "WINDLASS_DATA";

    private DataFolder() {}

    static Path usual() throws Refusal {
        @Nullable String said = System.getenv(VARIABLE);
        return FileNames.path(said == null || said.isBlank() ? ".windlass" : said);
    }
}
