package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static final Budget BUDGET =
            Budget.parse(
                    List.of(
                            "# what\tleast\tmost\twhy",
                            "",
                            "exact\t1\t1\tAlways.",
                            "never\t0\t0\tNever.",
                            "between\t0.02\t0.3\tA race."));

    @Test
    void shouldFindNothingWhenAllLinesHold() {
        assertThat(BUDGET.violations(50, Map.of("exact", 50L, "between", 1L))).isEmpty();
        assertThat(BUDGET.violations(50, Map.of("exact", 50L, "between", 15L))).isEmpty();
    }

    @Test
    void shouldNameWhatIsMoreThanExact() {
        assertThat(BUDGET.violations(50, Map.of("exact", 51L, "between", 1L)))
                .singleElement()
                .asString()
                .contains("exact: 51 for 50 jobs", "exactly 1.0");
    }

    @Test
    void shouldNameWhatIsLessThanExact() {
        assertThat(BUDGET.violations(50, Map.of("exact", 49L, "between", 1L)))
                .singleElement()
                .asString()
                .contains("exact: 49");
    }

    @Test
    void shouldNameWhatIsMissing() {
        assertThat(BUDGET.violations(50, Map.of("between", 1L)))
                .singleElement()
                .asString()
                .contains("exact: 0");
    }

    @Test
    void shouldNameWhatIsOutsideTheBoundsOfARace() {
        assertThat(BUDGET.violations(50, Map.of("exact", 50L, "between", 0L))).hasSize(1);
        assertThat(BUDGET.violations(50, Map.of("exact", 50L, "between", 16L))).hasSize(1);
    }

    @Test
    void shouldNameWhatHasNoLine() {
        assertThat(BUDGET.violations(50, Map.of("exact", 50L, "between", 1L, "new", 1L)))
                .containsExactly("new: 1, and the budget has no line for it");
    }

    @Test
    void shouldShowEveryCountBesideItsLine() {
        assertThat(BUDGET.table(50, Map.of("exact", 100L, "new", 50L)))
                .contains("| exact | 100 | 2.00 | exactly 1.0 |")
                .contains("| new | 50 | 1.00 | none |")
                .contains("| never | 0 | 0.00 | exactly 0.0 |");
    }

    @Test
    void shouldRefuseALineWithoutAReason() {
        assertThatThrownBy(() -> Budget.parse(List.of("exact\t1\t1\t")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseALineThatIsThereTwice() {
        assertThatThrownBy(() -> Budget.parse(List.of("exact\t1\t1\tA.", "exact\t2\t2\tB.")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldReadTheCommittedBudget() throws Exception {
        assertThat(Budget.read(Budget.FILE).lines())
                .containsKeys(
                        SentMessages.GONE, RequestKinds.EVERYBODY, "requests: create jobs, 201");
    }
}
