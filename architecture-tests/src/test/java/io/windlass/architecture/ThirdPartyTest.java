package io.windlass.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.windlass.testing.LeftOut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LICENSE is the Apache License, and THIRD-PARTY.md names each jar that is shipped. */
class ThirdPartyTest {
    private static final Path ROOT =
            Path.of(System.getProperty("windlass.root", "..")).toAbsolutePath().normalize();
    private static final String TABLE = "| jar |";

    @Test
    void shouldListEachJarThatIsShippedWithItsLicence() throws IOException {
        boolean built =
                BundledJars.modules(ROOT).stream()
                        .allMatch(module -> Files.exists(BundledJars.classPath(ROOT, module)));
        assumeThat(LeftOut.unless(built, "class paths, which ./mvnw package writes")).isTrue();

        String page = Files.readString(ROOT.resolve("THIRD-PARTY.md"));
        String now = page.substring(0, page.indexOf(TABLE)) + BundledJars.of(ROOT).table();
        Path written = ROOT.resolve("architecture-tests/target/THIRD-PARTY.md");
        Files.createDirectories(written.getParent());
        Files.writeString(written, now);
        assertThat(page)
                .as("what is shipped has changed: make third-party writes the page anew")
                .isEqualTo(now);
    }

    @Test
    void shouldKnowEachImage() throws IOException {
        assertThat(BundledJars.modules(ROOT))
                .contains("cli", "standalone", "web-server", "pod-scheduler", "migrations");
    }

    @Test
    void shouldTakeTheLicenceOfAParentAndRefuseAnUnknownOne(@TempDir Path repository)
            throws IOException {
        pom(
                repository.resolve("org/some/parent/1/parent-1.pom"),
                "<groupId>org.some</groupId><licenses><license><name> The Apache License, Version 2.0 </name></license>"
                        + "<license><name>Only on Sundays</name></license></licenses>");
        Path jar = repository.resolve("org/some/child/2/child-2-linux.jar");
        pom(
                repository.resolve("org/some/child/2/child-2.pom"),
                "<parent><groupId>org.some</groupId><artifactId>parent</artifactId><version>1</version></parent>");

        assertThat(MavenLicences.coordinates(jar)).isEqualTo("org.some:child:2");
        assertThat(MavenLicences.of(jar))
                .containsExactly("The Apache License, Version 2.0", "Only on Sundays");
        assertThat(KnownLicences.identifier("a", "The Apache License, Version 2.0"))
                .isEqualTo("Apache-2.0");
        assertThatThrownBy(() -> KnownLicences.identifier("org.some:child:2", "Only on Sundays"))
                .hasMessageContaining("org.some:child:2 has the licence \"Only on Sundays\"");
    }

    @Test
    void shouldHaveTheApacheLicenceWordForWord() throws IOException, NoSuchAlgorithmException {
        byte[] text = Files.readAllBytes(ROOT.resolve("LICENSE"));
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text)))
                .isEqualTo("cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30");
        assertThat(ROOT.resolve("NOTICE")).content().contains("the Windlass authors");
    }

    private static void pom(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "<project>" + body + "</project>");
    }
}
