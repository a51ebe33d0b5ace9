package io.windlass.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.testing.TestQueueServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The queue over the real protocol. */
class SqsQueueTest {
    private QueueClient client;
    private MessageQueue queue;

    @BeforeEach
    void open() {
        TestQueueServer server = TestQueueServer.usedHere();
        client =
                new QueueClient(
                        new QueueSettings(
                                server.endpoint(),
                                server.region(),
                                "windlass-",
                                true,
                                Duration.ofSeconds(1),
                                2));
        queue = client.requests("test-" + UUID.randomUUID());
    }

    @AfterEach
    void close() {
        client.close();
    }

    private Set<String> receiveAll(int count) {
        Set<String> bodies = new HashSet<>();
        for (int i = 0; i < 40 && bodies.size() < count; i++) {
            List<MessageQueue.Received> batch = queue.receive(Duration.ofSeconds(1));
            batch.forEach(m -> bodies.add(m.body()));
            queue.delete(batch);
        }
        return bodies;
    }

    @Test
    void shouldCarryMoreThanABatchAndMoreThanABatchMayWeigh() {
        List<String> bodies =
                new ArrayList<>(IntStream.range(0, 25).mapToObj(i -> "m" + i).toList());
        for (int i = 0; i < 8; i++) {
            bodies.add(i + "x".repeat(60_000));
        }
        queue.send(bodies);
        assertThat(receiveAll(bodies.size())).containsExactlyInAnyOrderElementsOf(bodies);
    }

    @Test
    void shouldBringBackWhatIsReleasedAndWhatIsNotDeleted() {
        queue.send(List.of("again"));
        List<MessageQueue.Received> first = queue.receive(Duration.ofSeconds(2));
        queue.release(first);
        List<MessageQueue.Received> second = queue.receive(Duration.ofSeconds(2));
        assertThat(second).extracting(MessageQueue.Received::body).containsExactly("again");
        queue.delete(second);
        assertThat(queue.receive(Duration.ZERO)).isEmpty();
    }

    @Test
    @Tag("slow")
    void shouldStopBringingWhatIsReceivedTooOften() {
        queue.send(List.of("poison"));
        int received = 0;
        for (int i = 0; i < 6; i++) {
            List<MessageQueue.Received> batch = queue.receive(Duration.ofSeconds(1));
            received += batch.size();
            queue.release(batch);
        }
        assertThat(received).isEqualTo(2);
    }

    @Test
    @Tag("slow")
    void shouldBuryWhatCanNeverBeHandled() {
        queue.send(List.of("rubbish"));
        MessageQueue.Received rubbish = queue.receive(Duration.ofSeconds(2)).getFirst();
        queue.bury(rubbish);
        queue.delete(List.of(rubbish));
        assertThat(queue.receive(Duration.ZERO)).isEmpty();
    }
}
