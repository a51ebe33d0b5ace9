package io.windlass.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.windlass.testing.TestSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What must hold in every run, whatever breaks. */
@Isolated("uses all cores; the suites of store and queue wait for leases")
class SimulationTest {
    @Test
    void shouldSayNothingUntrueAndEndEverythingInManyRuns() throws Exception {
        TestSize size = TestSize.of(TestSize.QUICK, TestSize.SHORT, TestSize.FULL);
        List<SeedRange> ranges =
                SeedRange.of(size, System.getenv(), Commit.id(), LocalDate.now(ZoneOffset.UTC));
        List<Simulation.Outcome> failed = new ArrayList<>();
        for (SeedRange range : ranges) {
            System.out.printf(
                    "[simulator] %d seeds from %d, %s; again: %s%n",
                    range.count(), range.first(), range.origin(), range.again());
            long begun = System.nanoTime();
            failed.addAll(Seeds.run(range.first(), range.count()));
            System.out.printf(
                    "[simulator] %d seeds in %s%n",
                    range.count(), Duration.ofNanos(System.nanoTime() - begun));
        }
        assertThat(failed)
                .as("seeds with violations; put them into seeds-that-failed.txt")
                .isEmpty();
    }

    @Test
    void shouldStillHoldWhereItOnceDidNot() throws IOException {
        try (var in = SimulationTest.class.getResourceAsStream("seeds-that-failed.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            SimpleMeterRegistry metrics = new SimpleMeterRegistry();
            text.lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .map(line -> Long.parseLong(line.split("\\s", 2)[0]))
                    .forEach(seed ->
                            assertThat(Simulation.run(seed, metrics).violations())
                                    .as("seed %s", seed)
                                    .isEmpty());
        }
    }

    @Test
    void shouldDoTheSameAgainForTheSameSeed() {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        for (long seed = 1; seed <= 20; seed++) {
            Simulation.Outcome first = Simulation.run(seed, metrics);
            assertThat(Simulation.run(seed, metrics)).isEqualTo(first);
        }
    }

    @Test
    void shouldBreakMuch() {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        int blows = 0;
        for (long seed = 1; seed <= 50; seed++) {
            blows += Simulation.run(seed, metrics).blows();
        }
        assertThat(blows).as("processes killed and frozen, clusters restored").isGreaterThan(200);
    }
}
