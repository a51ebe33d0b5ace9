package io.windlass.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.harness.AuditLog;
import io.windlass.testing.TestCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The short form shows that the figures can be taken; {@code make bench} takes them. */
@EnabledIf("available")
class BenchIT {
    private static final Scale SCALE =
            "long".equals(System.getenv("WINDLASS_BENCH")) ? Scale.LONG : Scale.SHORT;

    static boolean available() {
        return TestCluster.available() && AuditLog.file().isPresent();
    }

    @Test
    void shouldTakeAllFigures() throws Exception {
        assertThat(Bench.run(SCALE).lines().filter(line -> line.startsWith("|")))
                .as("a table with something in it")
                .hasSizeGreaterThan(2)
                .noneMatch(line -> line.contains("NaN") || line.contains("Infinity"));
    }
}
