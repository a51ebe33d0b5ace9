package io.windlass.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.windlass.testing.TestQueueServer;
import java.net.URI;
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
    private static final Duration SECOND = Duration.ofSeconds(1);
    private QueueClient client;
    private MessageQueue queue;

    @BeforeEach
    void open() {
        TestQueueServer server = TestQueueServer.usedHere();
        client =
                new QueueClient(
                        new QueueSettings(
                                server.endpoint(), server.region(), "windlass-", true, SECOND, 2));
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

    /** Finding P2: what a program prints last is what is told of it. */
    @Test
    void shouldSendAllTheOthersBesideOneThatIsRefused() {
        List<String> bodies =
                new ArrayList<>(IntStream.range(0, 30).mapToObj(i -> "m" + i).toList());
        bodies.set(2, "ended with \uFFFF");
        List<MessageQueue.Unsent> unsent = queue.send(bodies);
        assertThat(unsent)
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.index()).isEqualTo(2);
                    assertThat(one.ownFault()).isTrue();
                    assertThat(one.why()).isNotBlank().doesNotContain("ended with");
                });
        bodies.remove(2);
        assertThat(receiveAll(bodies.size())).containsExactlyInAnyOrderElementsOf(bodies);
    }

    @Test
    void shouldTellWhatWasNotSentWhereTheQueueIsAway() {
        QueueSettings nowhere =
                new QueueSettings(
                        URI.create("http://127.0.0.1:1"), "elasticmq", "w-", true, SECOND, 2);
        try (QueueClient away = new QueueClient(nowhere)) {
            assertThat(away.requests("c").send(List.of("one", "two")))
                    .extracting(MessageQueue.Unsent::index, MessageQueue.Unsent::ownFault)
                    .containsExactly(tuple(0, false), tuple(1, false));
        }
    }

    /** It may be the queue that takes nothing. */
    @Test
    void shouldBlameNoMessageWhereNoneIsTaken() {
        assertThat(queue.send(List.of("a \uFFFF", "another \uFFFF")))
                .extracting(MessageQueue.Unsent::index, MessageQueue.Unsent::ownFault)
                .containsExactly(tuple(0, false), tuple(1, false));
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
