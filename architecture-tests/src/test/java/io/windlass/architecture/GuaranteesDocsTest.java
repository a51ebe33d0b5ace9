package io.windlass.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/guarantees.md has ten promises, and each names tests that exist, run and are to pass. */
class GuaranteesDocsTest {
    private static final Path ROOT = Path.of(System.getProperty("windlass.root", ".."));
    private static final Pattern PROMISE =
            Pattern.compile(
                    "^\\d+\\. \\*\\*.*?(?=^\\d+\\. |^## |\\z)", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

    @Test
    void shouldNameTestsThatHoldEachOfTenPromises() throws IOException {
        List<String> promises =
                PROMISE.matcher(Files.readString(ROOT.resolve("docs/guarantees.md")))
                        .results()
                        .map(promise -> promise.group())
                        .toList();
        assertThat(promises).hasSize(10);
        for (int i = 0; i < promises.size(); i++) {
            String promise = promises.get(i);
            assertThat(promise).startsWith(i + 1 + ". ");
            List<String> wrong = new ArrayList<>();
            int named = 0;
            Matcher test = TEST.matcher(promise);
            while (test.find()) {
                named++;
                wrong.addAll(wrongWith(test.group(1), test.group(2)));
            }
            assertThat(wrong).as(promise).isEmpty();
            assertThat(named).as("tests of: " + promise).isPositive();
        }
    }

    @Test
    void shouldNoticeATestThatIsNotThereOrDoesNotRun() throws IOException {
        assertThat(wrongWith("NoSuchTest", "shouldDoAnything")).isNotEmpty();
        assertThat(wrongWith("GuaranteesDocsTest", "shouldDoAnything")).isNotEmpty();
        assertThat(wrongWith("GuaranteesDocsTest", "wrongWith")).isNotEmpty();
        assertThat(wrongWith("GuaranteesDocsTest", "shouldNameTestsThatHoldEachOfTenPromises"))
                .isEmpty();
        assertThat(marks("@Test\n    @Tag(\"finding\")\n    void shouldX() {}", "shouldX"))
                .contains("finding");
    }

    private static List<String> wrongWith(String type, String method) throws IOException {
        List<Path> files = filesOf(type);
        if (files.size() != 1) {
            return List.of(type + " is the name of " + files.size() + " tests");
        }
        String source = Files.readString(files.getFirst());
        String marks = marks(source, method);
        if (!marks.matches("(?s).*@(Test|ParameterizedTest|RepeatedTest|TestFactory)\\b.*")) {
            return List.of(type + " has no test " + method);
        }
        return isOff(marks) || isOff(source.substring(0, source.indexOf("class " + type)))
                ? List.of(type + "#" + method + " does not run, or is to fail")
                : List.of();
    }

    private static boolean isOff(String annotations) {
        return annotations.contains("@Disabled") || annotations.contains("\"finding\"");
    }

    /** The annotations before a method. */
    private static String marks(String source, String method) {
        Matcher declared =
                Pattern.compile(
                                "((?:^\\s*@.*\\n)+)\\s*(?:\\w+ )*void " + method + "\\(",
                                Pattern.MULTILINE)
                        .matcher(source);
        return declared.find() ? declared.group(1) : "";
    }

    private static List<Path> filesOf(String type) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path folder : testFolders()) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(file -> file.getFileName().toString().equals(type + ".java"))
                        .forEach(found::add);
            }
        }
        return found;
    }

    private static List<Path> testFolders() throws IOException {
        List<Path> folders = new ArrayList<>();
        for (Path parent : List.of(ROOT, ROOT.resolve("common"))) {
            try (Stream<Path> modules = Files.list(parent)) {
                modules.map(module -> module.resolve("src/test/java"))
                        .filter(Files::isDirectory)
                        .forEach(folders::add);
            }
        }
        return folders;
    }
}
