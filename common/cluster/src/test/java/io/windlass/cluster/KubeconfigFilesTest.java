package io.windlass.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding P53: a context by its name alone. */
class KubeconfigFilesTest {
    @TempDir private Path folder;

    private String file(String name, String context) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(
                file,
                """
                apiVersion: v1
                kind: Config
                contexts:
                - name: %s
                  context: {cluster: c, user: u}
                """
                        .formatted(context));
        return file.toString();
    }

    @Test
    void shouldTakeTheFirstFileThatKnowsTheContext() throws Exception {
        String absent = folder.resolve("absent").toString();
        List<String> files = List.of(absent, file("a", "one"), file("b", "two"), file("c", "two"));
        assertThat(KubeconfigFiles.with("two", files).toString()).isEqualTo(files.get(2));
    }

    @Test
    void shouldSayThatNoFileKnowsIt() throws Exception {
        List<String> files = List.of(file("a", "one"));
        assertThatThrownBy(() -> KubeconfigFiles.with("two", files))
                .hasMessageContaining("no context two");
    }
}
