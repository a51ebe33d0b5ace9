package io.windlass.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
    /** What is run: prints that it is there. */
    static final class Greeting {
        private Greeting() {}

        public static void main(String[] args) {
            System.out.println("greeting");
        }
    }

    private static final String NAME = Greeting.class.getName();

    @TempDir Path target;
    private Path jar;

    @BeforeEach
    void makeJar() throws IOException {
        jar = target.resolve("module.jar");
        String entry = NAME.replace('.', '/') + ".class";
        try (InputStream in =
                        Objects.requireNonNull(
                                ClassArchiveTest.class.getResourceAsStream("/" + entry));
                OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            out.putNextEntry(new ZipEntry(entry));
            in.transferTo(out);
        }
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(10)));
    }

    private String run(List<String> options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", jar.toString(), NAME));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains(".jsa"))
                    .toList();
        }
    }

    private void write() throws Exception {
        ClassArchive writer = new ClassArchive(target, "module");
        run(writer.options(jar.toString(), true));
        writer.keep(true);
    }

    @Test
    void shouldStartFromWhatTheFirstHasWritten() throws Exception {
        ClassArchive writer = new ClassArchive(target, "module");
        assertThat(run(writer.options(jar.toString(), true))).isEqualTo("greeting\n");
        writer.keep(true);
        assertThat(files()).containsExactly("module-" + Runtime.version() + ".jsa");
        List<String> options =
                new ArrayList<>(new ClassArchive(target, "module").options(jar.toString(), false));
        options.add("-Xlog:class+load");
        assertThat(run(options)).contains(NAME + " source: shared objects file (top)");
    }

    @Test
    void shouldNotWriteWhenAnotherDoes() throws Exception {
        assertThat(new ClassArchive(target, "module").options(jar.toString(), false)).isEmpty();
    }

    @Test
    void shouldWriteAnewWhenAJarHasChanged() throws Exception {
        write();
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(1)));
        assertThat(new ClassArchive(target, "module").options(jar.toString(), false)).isEmpty();
        List<String> options = new ClassArchive(target, "module").options(jar.toString(), true);
        assertThat(options).anyMatch(option -> option.startsWith("-XX:ArchiveClassesAtExit="));
        assertThat(run(options)).isEqualTo("greeting\n");
    }

    @Test
    void shouldKeepNothingOfAProcessThatWasKilled() throws Exception {
        ClassArchive writer = new ClassArchive(target, "module");
        run(writer.options(jar.toString(), true));
        writer.keep(false);
        assertThat(files()).isEmpty();
    }

    @Test
    void shouldLeaveOutFoldersWhichNoArchiveHas() throws Exception {
        String classPath = jar + File.pathSeparator + target;
        assertThat(new ClassArchive(target, "module").options(classPath, true)).isEmpty();
    }
}
