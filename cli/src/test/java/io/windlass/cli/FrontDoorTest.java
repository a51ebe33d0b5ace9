package io.windlass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code windlass}, in a folder where building and running only leave a line. */
class FrontDoorTest {
    private static final Path ROOT = Path.of(System.getProperty("windlass.root", ".."));
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<String> MARKS =
            List.of("standalone/target/classpath.txt", "cli/target/classpath.txt");
    private static final String ARCHIVE = "cli/target/windlass.jsa";

    @TempDir Path home;

    @BeforeEach
    void furnish() throws IOException {
        write(".mvn/find-jdk.sh", "JAVA_HOME=$WINDLASS_HOME/jdk\n");
        write("jdk/bin/java", "#!/bin/sh\necho ran >> \"$(dirname \"$0\")/../../log\"\n");
        write(
                "mvnw",
                "#!/bin/sh\necho \"$*\" >> log\nmkdir -p standalone/target cli/target\n"
                        + "echo x > standalone/target/classpath.txt\necho x > cli/target/classpath.txt\n");
        for (String program : List.of("mvnw", "jdk/bin/java")) {
            assertThat(home.resolve(program).toFile().setExecutable(true)).isTrue();
        }
        Files.copy(
                ROOT.resolve("windlass"),
                home.resolve("windlass"),
                StandardCopyOption.COPY_ATTRIBUTES);
        write("pom.xml", "");
        write("common/job/src/main/java/Job.java", "");
        write("common/job/src/test/java/JobTest.java", "");
        write("cli/src/main/java/Main.java", "");
        for (String file :
                List.of(
                        "pom.xml",
                        "common/job/src/main/java/Job.java",
                        "common/job/src/test/java/JobTest.java",
                        "cli/src/main/java/Main.java")) {
            age(file, BEGIN);
        }
    }

    private void write(String file, String text) throws IOException {
        Path path = home.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void age(String file, Instant time) throws IOException {
        Files.setLastModifiedTime(home.resolve(file), FileTime.from(time));
    }

    private void built(Instant time) throws IOException {
        for (String mark : MARKS) {
            write(mark, "x");
            age(mark, time);
        }
    }

    /** What it did, in order. */
    private List<String> windlass() throws Exception {
        Files.deleteIfExists(home.resolve("log"));
        Process process =
                new ProcessBuilder(home.resolve("windlass").toString(), "list")
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return Files.readAllLines(home.resolve("log")).stream()
                .map(line -> line.contains("package") ? "built" : line)
                .toList();
    }

    @Test
    void shouldBuildOnceWhenNothingIsBuilt() throws Exception {
        assertThat(windlass()).containsExactly("built", "ran");
        assertThat(windlass()).containsExactly("ran");
    }

    private CommandLineProcess.Result onATerminal(String builds) throws Exception {
        assumeTrue(CommandLineProcess.terminalsAreHere(), "script of util-linux is not here");
        write("mvnw", "#!/bin/sh\n" + builds);
        assertThat(home.resolve("mvnw").toFile().setExecutable(true)).isTrue();
        return CommandLineProcess.onATerminal(
                home, List.of(home.resolve("windlass").toString(), "list"));
    }

    @Test
    void shouldShowOnATerminalHowFarTheFirstBuildIs() throws Exception {
        CommandLineProcess.Result result =
                onATerminal(
                        """
                        echo '[INFO] Building windlass 0.1.0-SNAPSHOT                    [1/2]'
                        echo '[INFO] something else'
                        sleep 3
                        echo '[INFO] Building job 0.1.0-SNAPSHOT                         [2/2]'
                        mkdir -p standalone/target cli/target
                        echo x > standalone/target/classpath.txt
                        echo x > cli/target/classpath.txt
                        """);
        assertThat(result.err())
                .contains("Building Windlass", "[1/2] windlass, 0 s", "[2/2] job, 3 s")
                .containsPattern("\\[1/2] windlass, [1-3] s")
                .doesNotContain("something else");
        assertThat(result.code()).isZero();
        assertThat(Files.readAllLines(home.resolve("log"))).containsExactly("ran");
    }

    @Test
    void shouldShowOnATerminalWhyTheFirstBuildFails() throws Exception {
        CommandLineProcess.Result result =
                onATerminal(
                        """
                        echo '[INFO] fine'
                        echo 'curl: not found' >&2
                        echo '[ERROR] No space left'
                        exit 7
                        """);
        assertThat(result.err())
                .contains("curl: not found\n", "[ERROR] No space left\n")
                .doesNotContain("fine");
        assertThat(result.code()).isEqualTo(7);
        assertThat(home.resolve("log")).doesNotExist();
    }

    @Test
    void shouldNotBuildWhatSomebodyElseHasBuilt() throws Exception {
        built(BEGIN.plusSeconds(1));
        assertThat(windlass()).containsExactly("ran");
    }

    @Test
    void shouldBuildWhenOneOfTheTwoIsNotBuilt() throws Exception {
        for (String mark : MARKS) {
            built(BEGIN.plusSeconds(1));
            Files.delete(home.resolve(mark));
            assertThat(windlass()).as(mark).containsExactly("built", "ran");
        }
    }

    @Test
    void shouldBuildWhenASourceIsNewerThanOneOfTheTwo() throws Exception {
        for (String mark : MARKS) {
            built(BEGIN.plusSeconds(3));
            age(mark, BEGIN.plusSeconds(1));
            age("common/job/src/main/java/Job.java", BEGIN.plusSeconds(2));
            assertThat(windlass()).as(mark).containsExactly("built", "ran");
        }
    }

    @Test
    void shouldNotBuildWhenOnlyTestsAreNewer() throws Exception {
        built(BEGIN.plusSeconds(1));
        age("common/job/src/test/java/JobTest.java", BEGIN.plusSeconds(2));
        assertThat(windlass()).containsExactly("ran");
    }

    @Test
    void shouldForgetTheArchiveOfAnEarlierBuild() throws Exception {
        built(BEGIN.plusSeconds(1));
        write(ARCHIVE, "");
        age(ARCHIVE, BEGIN.plusSeconds(2));
        windlass();
        assertThat(home.resolve(ARCHIVE)).exists();
        built(BEGIN.plusSeconds(3));
        windlass();
        assertThat(home.resolve(ARCHIVE)).doesNotExist();
    }
}
