package io.windlass.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private static final Slots.Slot LOOK = new Slots.Slot("team", false);
    private static final Slots.Slot POST = new Slots.Slot("team", true);

    @Test
    void shouldSayOfEachThatIsGivenBackThatOneIsFree() {
        Slots slots = new Slots(2);
        slots.take(LOOK);
        slots.take(LOOK);
        assertThat(slots.free().all().free()).isZero();
        assertThat(slots.giveBack(LOOK)).isTrue();
        assertThat(slots.giveBack(LOOK)).isTrue();
        assertThat(slots.taken()).isZero();
    }

    @Test
    void shouldTellNobodyWhoHasEnough() {
        Slots slots = new Slots(2);
        slots.take(LOOK);
        assertThat(slots.free().all().free()).isEqualTo(1);
        slots.enough();
        assertThat(slots.giveBack(LOOK)).isFalse();
    }

    @Test
    void shouldKeepAnEighthFromPosts() {
        Slots slots = new Slots(32);
        for (int i = 0; i < 28; i++) {
            slots.take(POST);
        }
        assertThat(slots.free().posts().free()).isZero();
        assertThat(slots.free().all().free()).isEqualTo(4);
        assertThat(slots.free().all().of("team")).isEqualTo(28);
        slots.giveBack(POST);
        assertThat(slots.free().posts().free()).isEqualTo(1);
    }

    @Test
    void shouldWaitForThoseThatAreTaken() throws Exception {
        Slots slots = new Slots(2);
        slots.take(POST);
        assertThat(slots.awaitNoneTaken(Duration.ofMillis(1))).isFalse();
        CompletableFuture<Void> given = CompletableFuture.runAsync(() -> slots.giveBack(POST));
        assertThat(slots.awaitNoneTaken(Duration.ofMinutes(1))).isTrue();
        given.get();
    }
}
