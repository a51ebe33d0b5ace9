package io.windlass.simulator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The commit that is tested, as Git names it. */
final class Commit {
    private Commit() {}

    /** Nothing where there is no Git, or no repository; then a line says so. */
    static Optional<String> id() throws InterruptedException {
        try {
            Process git =
                    new ProcessBuilder("git", "rev-parse", "HEAD")
                            .redirectErrorStream(true)
                            .start();
            String said =
                    new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (git.waitFor(10, TimeUnit.SECONDS)
                    && git.exitValue() == 0
                    && said.matches("[0-9a-f]{40,64}")) {
                return Optional.of(said);
            }
            System.out.println("[simulator] Git names no commit, so all seeds are fixed: " + said);
        } catch (IOException e) {
            System.out.println("[simulator] there is no Git, so all seeds are fixed: " + e);
        }
        return Optional.empty();
    }
}
