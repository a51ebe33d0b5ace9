package io.windlass.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.queue.MessageQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the code may rely on of any queue; its visibility is a second, its patience two receipts.
 */
abstract class QueueConformance {
    abstract MessageQueue queue();

    abstract void pass(Duration time);

    private List<MessageQueue.Received> receive() {
        return queue().receive(Duration.ofSeconds(1));
    }

    @Test
    @Tag("slow")
    void shouldCarryMoreThanABatch() {
        List<String> bodies = IntStream.range(0, 25).mapToObj(i -> "m" + i).toList();
        queue().send(bodies);
        Set<String> received = new HashSet<>();
        for (int i = 0; i < 40 && received.size() < bodies.size(); i++) {
            List<MessageQueue.Received> batch = receive();
            assertThat(batch).hasSizeLessThanOrEqualTo(10);
            batch.forEach(m -> received.add(m.body()));
            queue().delete(batch);
        }
        assertThat(received).containsExactlyInAnyOrderElementsOf(bodies);
        assertThat(receive()).isEmpty();
    }

    @Test
    void shouldHideWhatIsReceivedForAWhile() {
        queue().send(List.of("one"));
        assertThat(receive()).hasSize(1);
        assertThat(queue().receive(Duration.ZERO)).isEmpty();
        pass(Duration.ofMillis(1_200));
        assertThat(receive()).extracting(MessageQueue.Received::body).containsExactly("one");
    }

    @Test
    void shouldBringBackAtOnceWhatIsReleased() {
        queue().send(List.of("one"));
        queue().release(receive());
        assertThat(receive()).hasSize(1);
    }

    @Test
    @Tag("slow")
    void shouldGiveUpAMessageThatWasReceivedTooOften() {
        queue().send(List.of("poison"));
        List<String> received = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            receive()
                    .forEach(m ->
                            received.add(m.body() + (m.lastTime() ? ", for the last time" : "")));
            pass(Duration.ofMillis(1_200));
        }
        assertThat(received).containsExactly("poison", "poison, for the last time");
    }
}
