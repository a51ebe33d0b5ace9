package io.windlass.podscheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The program that stops and starts parts of the test cluster. */
record ClusterTool(Path program) {
    /** A test that needs the program is skipped without it: to return would say that it passed. */
    static ClusterTool orSkip(Optional<Path> program) {
        return new ClusterTool(
                program.orElseGet(
                        () -> Assumptions.abort("WINDLASS_TEST_CLUSTER_TOOL is not set")));
    }

    void killApiServer() throws IOException, InterruptedException {
        Process restart =
                new ProcessBuilder(program.toString(), "restart", "--kill", "apiserver")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(restart.waitFor(90, TimeUnit.SECONDS)).isTrue();
    }
}
