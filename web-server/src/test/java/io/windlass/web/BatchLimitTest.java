package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** One caller never has all places, and what is given back can be had again. */
class BatchLimitTest {
    private final BatchLimit limit = BatchLimit.of(3, 2);

    private void refused(String caller) {
        assertThatThrownBy(() -> limit.take(caller))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem()).isEqualTo(Problem.TOO_MANY_BATCHES));
    }

    @Test
    void shouldKeepAPlaceForOthers() {
        BatchLimit.Place first = limit.take("a");
        try (BatchLimit.Place second = limit.take("a")) {
            refused("a");
            try (BatchLimit.Place third = limit.take("b")) {
                refused("b");
                refused("c");
                assertThat(second).isNotSameAs(third);
            }
            first.close();
            first.close();
            limit.take("a").close();
            try (BatchLimit.Place again = limit.take("a")) {
                refused("a");
                assertThat(again).isNotNull();
            }
        }
    }
}
