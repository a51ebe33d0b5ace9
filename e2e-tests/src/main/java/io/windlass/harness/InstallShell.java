package io.windlass.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Runs blocks of the install page as they are, each by itself, in {@code bash -euo pipefail}.
 *
 * @param root where they are run
 * @param programs a folder whose programs come first
 * @param variables instead of the page's first block
 * @param environment what else the programs need to know
 */
public record InstallShell(
        Path root, Path programs, Map<String, String> variables, Map<String, String> environment) {
    private static final Duration LONGEST = Duration.ofMinutes(9);

    /** A program that blocks find before any other of its name. */
    public static void program(Path folder, String name, String script) throws IOException {
        Path file = Files.writeString(folder.resolve(name), script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Of the first block nothing may be left out, and nothing added. */
    public void expectVariablesOf(InstallPage page) {
        Set<String> wanted = new TreeSet<>(page.exported());
        if (!wanted.equals(variables.keySet())) {
            throw new IllegalStateException(
                    "the page exports " + wanted + ", and here are " + variables.keySet());
        }
    }

    /** What it said; where it fails, with its title, its script and what it complained of. */
    public String run(InstallPage.Step step) throws IOException, InterruptedException {
        Path script = Files.createTempFile("windlass-install", ".sh");
        Files.writeString(script, step.script());
        Map<String, String> all = new TreeMap<>(environment);
        all.putAll(variables);
        all.put("PATH", programs + ":" + System.getenv("PATH"));
        try {
            return Commands.run(
                    root, all, List.of("bash", "-euo", "pipefail", script.toString()), "", LONGEST);
        } catch (IOException e) {
            throw new IOException(
                    "\"%s\" of the install page:\n%s\n%s"
                            .formatted(step.title(), step.script(), e.getMessage()),
                    e);
        } finally {
            Files.deleteIfExists(script);
        }
    }
}
