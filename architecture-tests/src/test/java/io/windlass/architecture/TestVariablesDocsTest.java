package io.windlass.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/testing.md names every variable that tests and tools read, and none that is not read. */
class TestVariablesDocsTest {
    private static final Path ROOT = Path.of(System.getProperty("windlass.root", ".."));
    private static final Pattern ROW =
            Pattern.compile("^\\| `(WINDLASS_[A-Z0-9_]+)` \\|.*", Pattern.MULTILINE);

    /** These prefixes belong to tests and tools alone, however such a name is read. */
    private static final Pattern OURS =
            Pattern.compile(
                    "\\bWINDLASS_(?:(?:TEST|FULL|SIMULATION|FAULTS|BENCH)_[A-Z0-9_]*[A-Z0-9]"
                            + "|TOOLS|JDK)\\b(?![_*])");

    /** Any other name counts where it is read from the environment. */
    private static final Pattern READ =
            Pattern.compile(
                    "(?:getenv\\(\\s*|getenv\\(\\)\\s*\\.get(?:OrDefault)?\\(\\s*"
                            + "|environ(?:\\.get\\(|\\.setdefault\\(|\\[)\\s*)[\"'](WINDLASS_[A-Z0-9_]+)"
                            + "|(?:\\$\\{?|\\$\\$\\{|\\benv\\.)(WINDLASS_[A-Z0-9_]+)");

    /**
     * Nobody sets these: the front door finds itself by one, the harness gives its processes the
     * other.
     */
    private static final Set<String> NOT_FOR_TESTS =
            Set.of("WINDLASS_HOME", "WINDLASS_TEST_CLOCK_SHIFT");

    private static final Set<String> SKIPPED_FOLDERS =
            Set.of("target", ".git", ".windlass", ".idea", ".m2");

    private static final Pattern JAVA =
            Pattern.compile(
                    ".*/src/test/java/.*\\.java"
                            + "|(?:common/testing|e2e-tests|benchmarks|simulator)/src/main/.*\\.(?:java|c)");

    private static final Pattern SCRIPT =
            Pattern.compile(
                    "\\.ci/.*|\\.mvn/.*\\.sh|Makefile|windlass|(?:.*/)?pom\\.xml|charts/check"
                            + "|(?:full|proof|charts/schemas)/.*\\.(?:py|sh)|full/[a-z-]+");

    @Test
    void shouldDocumentEveryVariableThatTestsAndToolsRead() throws IOException {
        Set<String> documented = documented();
        assertThat(
                        inCode().entrySet().stream()
                                .filter(e -> !documented.contains(e.getKey()))
                                .map(e -> e.getKey() + " (read in " + e.getValue() + ")")
                                .collect(Collectors.joining("\n")))
                .as("variables that have no row in docs/testing.md")
                .isEmpty();
    }

    @Test
    void shouldReadEveryVariableThatIsDocumented() throws IOException {
        Set<String> documented = documented();
        Set<String> read = inCode().keySet();
        assertThat(documented).isNotEmpty();
        assertThat(
                        documented.stream()
                                .filter(name -> !read.contains(name))
                                .collect(Collectors.joining("\n")))
                .as("variables of docs/testing.md that no test and no tool reads")
                .isEmpty();
    }

    /** An at sign is the name's beginning here, or these would be names themselves. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "System.getenv(\"@_TEST_SIZE\") | @_TEST_SIZE",
                "VARIABLE = \"@_TEST_SIZE\"; | @_TEST_SIZE",
                "System.getenv(\"@_LOGS\") | @_LOGS",
                "System.getenv()  .getOrDefault( \"@_SEEDS\", \"1\") | @_SEEDS",
                "settings.put(\"@_CHECKS_RUNNING\", \"15s\") | ''",
                "export @_TEST_S3=$@_TOOLS/x | @_TEST_S3 @_TOOLS",
                "prefix=$${@_IMAGE_PREFIX:?say where} | @_IMAGE_PREFIX",
                "<name>env.@_REGISTRY</name> | @_REGISTRY",
                "os.environ.get(\"@_GUARDS\", \"1\") os.environ['@_LEFT'] | @_GUARDS @_LEFT",
                "jsonpath='{.data.@_API_TOKEN}' | ''",
                "all of @_TEST_* and @_BENCH_PARTS | @_BENCH_PARTS"
            })
    void shouldFindNamesHoweverTheyAreRead(String code, String names) {
        assertThat(String.join(" ", namesIn(code.replace("@", "WINDLASS"))))
                .isEqualTo(names.replace("@", "WINDLASS"));
    }

    private static Set<String> documented() throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher row = ROW.matcher(Files.readString(ROOT.resolve("docs/testing.md")));
        while (row.find()) {
            assertThat(names.add(row.group(1))).as("one row for %s", row.group(1)).isTrue();
        }
        return names;
    }

    private static TreeMap<String, TreeSet<String>> inCode() throws IOException {
        TreeMap<String, TreeSet<String>> read = new TreeMap<>();
        Files.walkFileTree(
                ROOT,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        return SKIPPED_FOLDERS.contains(folder.getFileName().toString())
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        String path = ROOT.relativize(file).toString().replace('\\', '/');
                        if (attributes.isRegularFile()
                                && (JAVA.matcher(path).matches()
                                        || SCRIPT.matcher(path).matches())) {
                            for (String name : namesIn(text(file))) {
                                read.computeIfAbsent(name, n -> new TreeSet<>()).add(path);
                            }
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        read.keySet().removeAll(NOT_FOR_TESTS);
        return read;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> namesIn(String text) {
        Set<String> names = new TreeSet<>();
        Matcher ours = OURS.matcher(text);
        while (ours.find()) {
            names.add(ours.group());
        }
        Matcher read = READ.matcher(text);
        while (read.find()) {
            names.add(read.group(1) == null ? read.group(2) : read.group(1));
        }
        return names;
    }
}
