package io.windlass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the help of each command says. */
class HelpTest {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    private int code;

    private String windlass(String... words) {
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        code = Main.commandLine().setOut(writer).setErr(writer).execute(words);
        return said.toString();
    }

    /** With what is typed to reach it. */
    private record Reached(String path, CommandLine command) {}

    private static List<Reached> all(CommandLine command, String path) {
        List<Reached> all = new ArrayList<>(List.of(new Reached(path, command)));
        command.getSubcommands()
                .forEach((name, below) -> {
                    if (name.equals(below.getCommandName())) {
                        all.addAll(all(below, (path + " " + name).strip()));
                    }
                });
        return all;
    }

    /** As a shell makes words of it, as far as the examples go. */
    private static String[] words(String line) {
        List<String> words = new ArrayList<>();
        Matcher next = WORD.matcher(line.replaceAll(" < .*", ""));
        while (next.find()) {
            words.add(next.group(1) == null ? next.group(2) : next.group(1));
        }
        return words.toArray(String[]::new);
    }

    @Test
    void shouldHaveExamplesThatCanBeTypedForEveryCommand() {
        for (Reached reached : all(Main.commandLine(), "")) {
            List<String> examples = HelpTexts.examples(reached.path());
            assertThat(examples).as(reached.path()).isNotEmpty();
            for (String example : examples) {
                assertThatCode(() -> Main.commandLine().parseArgs(words(example)))
                        .as(example)
                        .doesNotThrowAnyException();
                assertThat(example)
                        .as(reached.path())
                        .startsWith(reached.path().isEmpty() ? "" : reached.path());
            }
        }
    }

    @Test
    void shouldTellExamplesAndExitCodesOfEveryCommand() {
        for (Reached reached : all(Main.commandLine(), "")) {
            String said = windlass(("help " + reached.path()).strip().split(" ", -1));
            assertThat(code).as(said).isZero();
            assertThat(said)
                    .as(reached.path())
                    .startsWith("Usage: " + ("windlass " + reached.path()).strip())
                    .contains("Examples:", "Exit codes:", "called wrongly", "--help")
                    .doesNotContainPattern("<[a-zA-Z]");
            assertThat(windlass((reached.path() + " --help").strip().split(" ", -1)))
                    .as(reached.path())
                    .isEqualTo(said);
        }
    }

    @Test
    void shouldSayWhichCommandsThereAre() {
        assertThat(windlass("help", "sbumit")).contains("'sbumit'", "submit, get");
        assertThat(code).isEqualTo(2);
        assertThat(windlass("help", "schedule", "walk")).contains("'schedule walk'", "runs");
        assertThat(code).isEqualTo(2);
    }

    @Test
    void shouldBeDocumented() throws IOException {
        Path root = Path.of(System.getProperty("windlass.root", ".."));
        String page = Files.readString(root.resolve("docs/command-line.md"));
        for (String name : Main.commandLine().getSubcommands().keySet()) {
            assertThat(page).containsPattern("`(\\./)?(windlass )?" + name + "[ `…]");
        }
    }
}
