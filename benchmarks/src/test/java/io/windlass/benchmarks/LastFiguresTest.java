package io.windlass.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastFiguresTest {
    private static final String LINE = "start\tlaunch\ts\tlower\t3\t2026-11-21\tabc1234";
    private static final String OTHER = "drain\tto the end\tratio\tlower\t2.5\t2026-11-20\tdef5678";

    @Test
    void shouldReadWhatItHasWritten(@TempDir Path folder) throws Exception {
        LastFigures figures = LastFigures.parse(List.of(LINE, OTHER));
        figures.write(folder.resolve("results/last.tsv"));

        assertThat(LastFigures.read(folder.resolve("results/last.tsv"))).isEqualTo(figures);
        assertThat(figures.text()).endsWith(LINE, OTHER);
    }

    @Test
    void shouldBeEmptyWhereThereIsNoRecord(@TempDir Path folder) throws Exception {
        assertThat(LastFigures.read(folder.resolve("last.tsv")).lines()).isEmpty();
    }

    @Test
    void shouldRenewWhatWasMeasuredAndKeepTheRest() {
        Figure launch = new Figure("start", "launch", "s", Figure.Better.LOWER, 2);
        Figure added = new Figure("drain", "new", "ratio", Figure.Better.LOWER, 1.23456);

        assertThat(
                        LastFigures.parse(List.of(LINE, OTHER))
                                .with(List.of(launch, added), "2026-11-26", "0123abc")
                                .text())
                .endsWith(
                        "start\tlaunch\ts\tlower\t2\t2026-11-26\t0123abc",
                        OTHER,
                        "drain\tnew\tratio\tlower\t1.235\t2026-11-26\t0123abc");
    }

    @Test
    void shouldRefuseALineThatIsNotWhole() {
        assertThatThrownBy(() -> LastFigures.parse(List.of("start\tlaunch\ts\tlower\t3")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("start\tlaunch");
    }

    @Test
    void shouldRefuseALineThatIsThereTwice() {
        assertThatThrownBy(() -> LastFigures.parse(List.of(LINE, LINE)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldHaveARecordOfEveryPartThatHasRun() throws Exception {
        // promptness and up are held by bars of their own; their first run in the full size writes
        // their records
        assertThat(
                        LastFigures.read(Bench.LAST).lines().keySet().stream()
                                .map(Figure.Key::part)
                                .collect(Collectors.toSet()))
                .contains("submissions", "answers", "verdicts", "drain", "backlog", "start", "jvm")
                .isSubsetOf(Bench.PARTS);
    }
}
