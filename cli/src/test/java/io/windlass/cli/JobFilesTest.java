package io.windlass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs from files. */
class JobFilesTest {
    private static final String JOBS = "POST /api/v1/jobs";

    @TempDir Path folder;

    private StubServer server;

    @BeforeEach
    void serve() throws IOException {
        server = new StubServer(folder);
        server.answers(JOBS, 202, answered("one"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String answered(String name) {
        return "{\"id\":\"id-of-%1$s\",\"namespace\":\"team\",\"name\":\"%1$s\",\"state\":\"QUEUED\"}"
                .formatted(name);
    }

    private String write(String name, String text) throws IOException {
        Path file = folder.resolve("jobs").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text).toString();
    }

    private List<String> sent() {
        return server.asked().stream().map(call -> call.substring(JOBS.length()).strip()).toList();
    }

    @Test
    void shouldSubmitYamlAndJsonAlike() throws IOException {
        String expected = "{\"image\":\"a\",\"command\":[\"sh\"],\"maxRetries\":2}";
        List<String> files =
                List.of(
                        write("a.yaml", "# a job\nimage: a\ncommand:\n- sh\nmaxRetries: 2\n"),
                        write(
                                "a.json",
                                "{\n\t\"image\": \"a\",\n\t\"command\": [\"sh\"],\n\t\"maxRetries\": 2}"),
                        write("a.txt", "{image: a, command: [sh], maxRetries: 2}"),
                        write(
                                "b.json",
                                "\ufeff{\"image\":\"a\",\"command\":[\"sh\"],\"maxRetries\":2}"));
        for (String file : files) {
            server.asked().clear();
            assertThat(server.windlass("submit", "-f", file).code()).isZero();
            assertThat(sent()).as(file).containsExactly(expected);
        }
    }

    @Test
    void shouldKeepAllDigitsOfANumberInJson() throws IOException {
        String text = "{\"maxRetries\":123456789012345678901234567890.5}";
        server.windlass("submit", "-f", write("a.json", text));
        assertThat(sent()).containsExactly(text);
    }

    @Test
    void shouldSubmitAllDocumentsOfAllFilesInTheirOrder() throws IOException {
        write("b.yml", "image: b\n---\n---\nimage: c\nnamespace: own\n");
        write("a.yaml", "image: a\n");
        write("more/d.json", "[{\"image\":\"d\"},{\"image\":\"e\"}]");
        write(".hidden.yaml", "image: no\n");
        write("readme.md", "no");
        String last = Files.writeString(folder.resolve("last"), "image: last").toString();
        StubServer.Result result =
                server.windlass(
                        "submit",
                        "-f",
                        folder.resolve("jobs").toString(),
                        "-f",
                        last,
                        "-n",
                        "team",
                        "-o",
                        "name");
        assertThat(sent())
                .containsExactly(
                        "{\"image\":\"a\",\"namespace\":\"team\"}",
                        "{\"image\":\"b\",\"namespace\":\"team\"}",
                        "{\"image\":\"c\",\"namespace\":\"own\"}",
                        "{\"image\":\"d\",\"namespace\":\"team\"}",
                        "{\"image\":\"e\",\"namespace\":\"team\"}",
                        "{\"image\":\"last\",\"namespace\":\"team\"}");
        assertThat(result.out()).isEqualTo("id-of-one\n".repeat(6));
        assertThat(result.code()).isZero();
    }

    /** Each file is there twice: as a link, and below the folder that all links go to. */
    @Test
    void shouldSubmitTheFilesOfAMountedConfigMapOnce() throws IOException {
        write("..2026_11_26/a.yaml", "image: a\n");
        write("..2026_11_26/b.yaml", "image: b\n");
        write(".github/workflow.yml", "image: no\n");
        Path mounted = folder.resolve("jobs");
        Files.createSymbolicLink(mounted.resolve("..data"), Path.of("..2026_11_26"));
        Files.createSymbolicLink(mounted.resolve("a.yaml"), Path.of("..data/a.yaml"));
        Files.createSymbolicLink(mounted.resolve("b.yaml"), Path.of("..data/b.yaml"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), mounted);
        for (Path place : List.of(mounted, link)) {
            server.asked().clear();
            assertThat(server.windlass("submit", "-f", place.toString()).code()).isZero();
            assertThat(sent())
                    .as("%s", place)
                    .containsExactly("{\"image\":\"a\"}", "{\"image\":\"b\"}");
        }
    }

    @Test
    void shouldSayWhatIsSubmittedThoughNobodyAnswersWhileItIsWaitedFor() throws IOException {
        server.answers(
                JOBS + " {\"image\":\"b\"}", 503, "{\"title\":\"Busy\",\"detail\":\"later\"}");
        String file = write("a.yaml", "image: a\n---\nimage: b\n");
        StubServer.Result result = server.windlass("submit", "-f", file, "--wait", "-o", "name");
        assertThat(result.out()).isEqualTo("id-of-one\n");
        assertThat(result.err()).contains("1 of 2 jobs are submitted\n", "404 Not found");
        assertThat(result.code()).isEqualTo(1);
    }

    @Test
    void shouldSayWhichIsRefusedAndSubmitTheOthers() throws IOException {
        server.answers(
                JOBS + " {\"image\":1}",
                422,
                "{\"title\":\"Not valid\",\"detail\":\"/image must be a text\"}");
        String file = write("a.yaml", "image: a\n---\nimage: 1\n---\nimage: c\n");
        StubServer.Result result = server.windlass("submit", "-f", file, "-o", "name");
        assertThat(result.err())
                .isEqualTo(file + " (document 2): 422 Not valid: /image must be a text\n");
        assertThat(result.out()).isEqualTo("id-of-one\n".repeat(2));
        assertThat(result.code()).isEqualTo(1);
    }

    @Test
    void shouldStopWhereTheServerTakesNone() throws IOException {
        server.answers(
                JOBS + " {\"image\":\"b\"}", 503, "{\"title\":\"Busy\",\"detail\":\"later\"}");
        String file = write("a.yaml", "image: a\n---\nimage: b\n---\nimage: c\n");
        StubServer.Result result = server.windlass("submit", "-f", file, "-o", "name");
        assertThat(result.err()).contains("503 Busy: later\n1 of 3 jobs are submitted\n");
        assertThat(result.out()).isEqualTo("id-of-one\n");
        assertThat(result.code()).isEqualTo(1);
        assertThat(sent()).hasSize(2);
    }

    @Test
    void shouldSubmitNothingWhereOneFileCannotBeRead() throws IOException {
        String good = write("good.yaml", "image: a");
        for (String bad :
                List.of(
                        write("scalar.yaml", "just text"),
                        write("empty.yaml", "# nothing\n"),
                        write("broken.yaml", "image: [a"),
                        write("twice.yaml", "image: a\nimage: b\n"),
                        write("twice.json", "{\"image\":\"a\",\"image\":\"b\"}"),
                        write("items.yaml", "- image: a\n- text\n"),
                        write("nan.yaml", "maxRetries: .nan\n"),
                        write("self.yaml", "&a [*a]\n"),
                        write("deep.yaml", "a: " + "[".repeat(70) + "]".repeat(70)),
                        write("deepest.yaml", "a: " + "[".repeat(100_000)),
                        write("deep.json", "[".repeat(200) + "]".repeat(200)),
                        write("long.yaml", "#".repeat((16 << 20) + 1)),
                        folder.resolve("none.yaml").toString())) {
            StubServer.Result result = server.windlass("submit", "-f", good, "-f", bad);
            assertThat(result.code()).as(bad).isEqualTo(1);
            assertThat(result.err().lines()).as(bad).hasSize(1).first().asString().contains(bad);
        }
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void shouldRefuseWhatIsSaidTwice() throws IOException {
        String file = write("a.yaml", "image: a\n---\nimage: b\n");
        for (List<String> words :
                List.of(
                        List.of("submit", "-f", file, "--image", "b"),
                        List.of("submit", "-f", file, "--", "true"),
                        List.of("submit", "-f", file, "--idempotency-key", "k"),
                        List.of("run", "-f", file))) {
            assertThat(server.windlass(words.toArray(String[]::new)).code())
                    .as("%s", words)
                    .isEqualTo(2);
        }
        assertThat(server.asked()).isEmpty();
    }
}
