package io.windlass.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.testing.TestSize;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SeedRangeTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 26);
    private static final Optional<String> COMMIT =
            Optional.of("a51e011c3bad005ac704b32de6fe2e19be817d89");

    private static List<SeedRange> ranges(TestSize size, LocalDate day, Optional<String> commit) {
        return SeedRange.of(size, Map.of(), commit, day);
    }

    private static boolean meet(SeedRange one, SeedRange other) {
        return one.first() <= other.last() && other.first() <= one.last();
    }

    @Test
    void shouldTakeFewFixedSeedsInTheQuickSize() {
        assertThat(ranges(TestSize.QUICK, TODAY, COMMIT))
                .containsExactly(new SeedRange(1, 300, "fixed"));
    }

    @Test
    void shouldTakeHalfOfItsSeedsFromTheCommitInTheShortSize() {
        List<SeedRange> ranges = ranges(TestSize.SHORT, TODAY, COMMIT);
        assertThat(ranges).hasSize(2).allMatch(range -> range.count() == 10_000);
        assertThat(ranges.getFirst().first()).isEqualTo(1);
        assertThat(ranges.getLast().first()).isEqualTo(1_000_000_000_000L + 0xa51e011cL * 10_000);
        assertThat(ranges.getLast().again())
                .startsWith(
                        "WINDLASS_SIMULATION_FIRST=28702070040000 WINDLASS_SIMULATION_SEEDS=10000 ");
    }

    @Test
    void shouldTakeOtherSeedsWhenTheCommitIsAnother() {
        SeedRange one = ranges(TestSize.SHORT, TODAY, COMMIT).getLast();
        SeedRange next = ranges(TestSize.SHORT, TODAY, Optional.of("a51e011d00")).getLast();
        assertThat(next.first()).isEqualTo(one.last() + 1);
    }

    @Test
    void shouldTakeFixedSeedsOnlyWhenThereIsNoCommit() {
        assertThat(ranges(TestSize.SHORT, TODAY, Optional.empty()))
                .containsExactly(new SeedRange(1, 20_000, "fixed"));
    }

    @Test
    void shouldTakeNewSeedsEachDayInTheFullSize() {
        SeedRange today = ranges(TestSize.FULL, TODAY, COMMIT).getFirst();
        SeedRange tomorrow = ranges(TestSize.FULL, TODAY.plusDays(1), COMMIT).getFirst();
        assertThat(ranges(TestSize.FULL, TODAY, COMMIT)).hasSize(1);
        assertThat(today.count()).isEqualTo(200_000);
        assertThat(meet(today, tomorrow)).isFalse();
    }

    @Test
    void shouldNeverTakeASeedTwiceWhenTheCommitsOrTheDaysAreTheFirstOrTheLast() {
        List<SeedRange> fixed = ranges(TestSize.SHORT, TODAY, Optional.of("00000000"));
        SeedRange ofTheLastCommit =
                ranges(TestSize.SHORT, TODAY, Optional.of("ffffffff")).getLast();
        SeedRange ofALateDay = ranges(TestSize.FULL, LocalDate.of(2999, 1, 1), COMMIT).getFirst();
        assertThat(meet(fixed.getFirst(), fixed.getLast())).isFalse();
        assertThat(ofALateDay.first()).isGreaterThan(fixed.getFirst().last());
        assertThat(ofALateDay.last()).isLessThan(fixed.getLast().first());
        assertThat(ofTheLastCommit.last()).isLessThan(1L << 48);
    }

    @Test
    void shouldTakeWhatItIsAskedForWhenTheVariablesSaySo() {
        assertThat(
                        SeedRange.of(
                                TestSize.SHORT,
                                Map.of(SeedRange.FIRST, "4711", SeedRange.SEEDS, "1"),
                                COMMIT,
                                TODAY))
                .containsExactly(new SeedRange(4711, 1, "asked for"));
        assertThat(SeedRange.of(TestSize.SHORT, Map.of(SeedRange.SEEDS, "6000"), COMMIT, TODAY))
                .containsExactly(new SeedRange(1, 6000, "asked for"));
    }

    @Test
    void shouldTakeMoreOrFewerOfTodaysSeedsWhenOnlyTheirNumberIsAskedForInTheFullSize() {
        SeedRange asked =
                SeedRange.of(TestSize.FULL, Map.of(SeedRange.SEEDS, "7"), COMMIT, TODAY).getFirst();
        assertThat(asked.first())
                .isEqualTo(ranges(TestSize.FULL, TODAY, COMMIT).getFirst().first());
        assertThat(asked.count()).isEqualTo(7);
    }
}
