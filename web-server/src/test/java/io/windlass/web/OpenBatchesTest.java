package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** One caller never has all places, and what is given back can be had again. */
class OpenBatchesTest {
    private final OpenBatches limit = OpenBatches.of(3, 2);

    private void refused(String caller) {
        assertThatThrownBy(() -> limit.take(caller))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem()).isEqualTo(Problem.TOO_MANY_BATCHES));
    }

    @Test
    void shouldCountStreamsApart() {
        OpenBatches.Open first = limit.takeForStream("a");
        try (OpenBatches.Open second = limit.takeForStream("a");
                OpenBatches.Open call = limit.take("a");
                OpenBatches.Open another = limit.take("a")) {
            assertThatThrownBy(() -> limit.takeForStream("a"))
                    .hasMessageContaining("2 of this caller and 2 of all");
            refused("a");
            first.close();
            limit.takeForStream("a").close();
            refused("a");
            assertThat(List.of(second, call, another)).doesNotHaveDuplicates();
        }
    }

    @Test
    void shouldKeepAPlaceForOthers() {
        OpenBatches.Open first = limit.take("a");
        try (OpenBatches.Open second = limit.take("a")) {
            refused("a");
            try (OpenBatches.Open third = limit.take("b")) {
                refused("b");
                refused("c");
                assertThat(second).isNotSameAs(third);
            }
            first.close();
            first.close();
            limit.take("a").close();
            try (OpenBatches.Open again = limit.take("a")) {
                refused("a");
                assertThat(again).isNotNull();
            }
        }
    }
}
