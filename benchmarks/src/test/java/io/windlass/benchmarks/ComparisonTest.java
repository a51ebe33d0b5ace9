package io.windlass.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final LastFigures LAST =
            LastFigures.parse(
                    List.of(
                            "drain\tto the end\tratio\tlower\t2.5\t2026-11-21\tabc1234",
                            "submissions\tby a loop's\tratio\thigher\t0.3\t2026-11-21\tabc1234",
                            "start\tlaunch\ts\tlower\t3\t2026-11-21\tabc1234"));

    private static Figure drain(double value) {
        return new Figure("drain", "to the end", "ratio", Figure.Better.LOWER, value);
    }

    private static Figure submissions(double value) {
        return new Figure("submissions", "by a loop's", "ratio", Figure.Better.HIGHER, value);
    }

    private static Comparison compared(Figure... figures) {
        return Comparison.of(List.of(figures), LAST, Set.of());
    }

    @Test
    void shouldAcceptFiguresAtTheirBounds() {
        Comparison compared = compared(drain(5), submissions(0.15));

        assertThat(compared.worse()).isEmpty();
        assertThat(compared.unknown()).isEmpty();
    }

    @Test
    void shouldAcceptFiguresThatAreBetter() {
        assertThat(compared(drain(0.1), submissions(30)).worse()).isEmpty();
    }

    @Test
    void shouldNameFigureValueRecordAndBoundWhereLowerIsBetter() {
        assertThat(compared(drain(5.01)).worse())
                .containsExactly(
                        "drain: to the end is 5.01; its record is 2.5 of 2026-11-21 at abc1234;"
                                + " lower is better, and the bound is 5");
    }

    @Test
    void shouldNameFigureValueRecordAndBoundWhereHigherIsBetter() {
        assertThat(compared(submissions(0.149)).worse())
                .containsExactly(
                        "submissions: by a loop's is 0.149; its record is 0.3 of 2026-11-21 at abc1234;"
                                + " higher is better, and the bound is 0.15");
    }

    @Test
    void shouldNameTheUnitOfWhatIsNoRatio() {
        assertThat(compared(new Figure("start", "launch", "s", Figure.Better.LOWER, 7)).worse())
                .singleElement()
                .asString()
                .contains("is 7 s;", "record is 3 s of", "bound is 6 s");
    }

    @Test
    void shouldWarnOfAFigureWithoutRecord() {
        Comparison compared = compared(new Figure("drain", "new", "ms", Figure.Better.LOWER, 12));

        assertThat(compared.worse()).isEmpty();
        assertThat(compared.unknown()).containsExactly("drain: new is 12 ms and has no record yet");
    }

    @Test
    void shouldRefuseWhatIsNoMeasurement() {
        assertThat(
                        compared(
                                        drain(Double.NaN),
                                        submissions(Double.POSITIVE_INFINITY),
                                        new Figure("drain", "0", "ms", Figure.Better.LOWER, 0))
                                .worse())
                .hasSize(3);
    }

    @Test
    void shouldNameAFigureThatItsPartNoLongerMeasures() {
        Comparison compared =
                Comparison.of(List.of(drain(2)), LAST, Set.of("drain", "submissions"));

        assertThat(compared.worse())
                .singleElement()
                .asString()
                .contains("submissions: by a loop's was not measured", "0.3 of 2026-11-21");
    }

    @Test
    void shouldNotMissWhatBelongsToOtherParts() {
        assertThat(Comparison.of(List.of(drain(2)), LAST, Set.of("drain")).worse()).isEmpty();
    }
}
