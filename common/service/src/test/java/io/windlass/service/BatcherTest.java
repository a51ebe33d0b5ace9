package io.windlass.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What waits to be sent: bounded, and of each key only the newest. */
class BatcherTest {
    private final Batcher<String, Integer> batcher = new Batcher<>(3);

    @Test
    void shouldGiveTheOldestFirstAndOfEachTheNewest() {
        batcher.put("a", 1);
        batcher.put("b", 1);
        batcher.put("a", 2);
        assertThat(batcher.take(1)).containsExactly(Map.entry("b", 1));
        assertThat(batcher.take(5)).containsExactly(Map.entry("a", 2));
        assertThat(batcher.take(5)).isEmpty();
    }

    @Test
    void shouldDropTheOldestBeyondItsBound() {
        batcher.put("a", 1);
        batcher.put("b", 1);
        batcher.put("c", 1);
        batcher.put("d", 1);
        assertThat(batcher.take(5)).containsOnlyKeys("b", "c", "d");
        assertThat(batcher.dropped()).isEqualTo(1);
    }

    @Test
    void shouldTakeBackWhatNothingNewerIsThereOf() {
        batcher.put("a", 1);
        batcher.put("b", 1);
        Map<String, Integer> taken = batcher.take(5);
        batcher.put("a", 2);
        batcher.giveBack(taken);
        assertThat(batcher.take(5)).containsOnly(Map.entry("a", 2), Map.entry("b", 1));
    }

    @Test
    void shouldTakeNothingBackBeyondItsBound() {
        batcher.put("a", 1);
        Map<String, Integer> taken = batcher.take(5);
        batcher.put("b", 1);
        batcher.put("c", 1);
        batcher.put("d", 1);
        batcher.giveBack(taken);
        assertThat(batcher.size()).isEqualTo(3);
        assertThat(batcher.take(5)).doesNotContainKey("a");
        assertThat(batcher.dropped()).isEqualTo(1);
    }
}
