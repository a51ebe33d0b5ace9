package io.windlass.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.harness.AuditLog;
import io.windlass.testing.TestCluster;
import io.windlass.testing.TestSize;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Runs only where it is named. {@code make full FORM=bench} takes the figures and compares them
 * with those of the last run; {@code make it T=BenchIT} only shows that they can be taken.
 */
@EnabledIf("available")
class BenchIT {
    static boolean available() {
        return TestCluster.available() && AuditLog.file().isPresent();
    }

    @Test
    void shouldTakeFiguresThatAreNoWorseThanTheBoundAllows() throws Exception {
        Bench bench = new Bench(TestSize.of(Scale.SHORT, Scale.FULL));
        List<Figure> figures = bench.run();
        assertThat(figures).isNotEmpty().allMatch(figure -> Double.isFinite(figure.value()));

        Comparison compared = bench.compared(figures);
        compared.unknown().forEach(line -> System.out.println("[bench] WARNING: " + line));
        if (TestSize.isFull()) {
            assertThat(compared.worse())
                    .as("figures beyond %s times their record", Comparison.BOUND)
                    .isEmpty();
            assertThat(bench.beyondTheirBars()).as("figures beyond what is promised").isEmpty();
            bench.remember(figures);
        } else {
            // of another size: what it says is no verdict
            bench.beyondTheirBars()
                    .forEach(line -> System.out.println("[bench] short size: " + line));
            compared.worse().forEach(line -> System.out.println("[bench] short size: " + line));
        }
    }
}
