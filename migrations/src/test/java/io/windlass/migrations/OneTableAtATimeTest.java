package io.windlass.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A script is one transaction. One that locks two tables that services use waits for the second
 * with the first in its hand, and each call that has them in the other order ends as a deadlock.
 */
class OneTableAtATimeTest {
    private static final Path SCRIPTS = Path.of("src/main/resources/db/migration");
    private static final String FIRST_HELD = "V20261126";
    private static final Pattern LOCKED =
            Pattern.compile(
                    "alter table (\\w+)|\\bon (\\w+)\\s*(?:\\(|referencing)|delete on (\\w+)");
    private static final Pattern MADE = Pattern.compile("create table (\\w+)");

    @Test
    void shouldLockOneTableInEachScript() throws IOException {
        List<Path> scripts;
        try (Stream<Path> all = Files.list(SCRIPTS)) {
            scripts =
                    all.filter(p -> p.getFileName().toString().compareTo(FIRST_HELD) > 0)
                            .sorted()
                            .toList();
        }
        assertThat(scripts).isNotEmpty();
        for (Path script : scripts) {
            assertThat(locked(Files.readString(script)))
                    .as(script.getFileName().toString())
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    private static Set<String> locked(String script) {
        Set<String> tables = new TreeSet<>();
        Matcher locks = LOCKED.matcher(script);
        while (locks.find()) {
            for (int i = 1; i <= locks.groupCount(); i++) {
                if (locks.group(i) != null) {
                    tables.add(locks.group(i));
                }
            }
        }
        Matcher made = MADE.matcher(script);
        while (made.find()) {
            tables.remove(made.group(1));
        }
        return tables;
    }
}
