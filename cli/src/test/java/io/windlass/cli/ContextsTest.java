package io.windlass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextsTest {
    @TempDir Path folder;

    private Path file() {
        return folder.resolve("below/contexts.yaml");
    }

    @Test
    void shouldHaveNoneWhereThereIsNoFile() throws Refusal {
        assertThat(Contexts.read(file()).known()).isEmpty();
        assertThat(Contexts.read(file()).chosen(null)).isNull();
    }

    @Test
    void shouldKeepWhatIsPutForNobodyElseToRead() throws Exception {
        Contexts contexts = Contexts.read(file());
        contexts.put("here", new Contexts.Context("http://here", null));
        contexts.put("there", new Contexts.Context("https://there", "/etc/header"));
        contexts.write();
        Contexts read = Contexts.read(file());
        assertThat(read.known()).isEqualTo(contexts.known());
        assertThat(read.current()).as("the first").isEqualTo("here");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void shouldChangeWhichIsTheCurrentOne() throws Refusal {
        Contexts contexts = Contexts.read(file());
        contexts.put("here", new Contexts.Context("http://here", null));
        contexts.put("there", new Contexts.Context("https://there", null));
        contexts.use("there");
        assertThat(contexts.chosen(null)).isEqualTo(new Contexts.Context("https://there", null));
        assertThat(contexts.chosen("here")).isEqualTo(new Contexts.Context("http://here", null));
        contexts.remove("there");
        assertThat(contexts.chosen(null)).isNull();
        assertThatThrownBy(() -> contexts.use("there")).hasMessageContaining("no context there");
    }

    @Test
    void shouldSayWhatIsWrongWithAFile() throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "contexts: {a: {url: x}}");
        assertThatThrownBy(() -> Contexts.read(file()))
                .hasMessageContaining("context a has no 'server'");
        Files.writeString(file(), "[]");
        assertThatThrownBy(() -> Contexts.read(file()))
                .hasMessageContaining("a mapping 'contexts' is missing");
    }

    @Test
    void shouldLieWhereProgramsKeepTheirSettings() {
        assertThat(Contexts.usualFile(Map.of("HOME", "/home/me")))
                .isEqualTo(Path.of("/home/me/.config/windlass/contexts.yaml"));
        assertThat(Contexts.usualFile(Map.of("HOME", "/home/me", "XDG_CONFIG_HOME", "/x")))
                .isEqualTo(Path.of("/x/windlass/contexts.yaml"));
        assertThat(Contexts.usualFile(Map.of("WINDLASS_CONFIG", "/f"))).isEqualTo(Path.of("/f"));
    }
}
