package io.windlass.simulator;

import io.windlass.queue.MessageQueue;
import io.windlass.queue.QueueClient;
import io.windlass.queue.QueueSettings;
import io.windlass.testing.TestQueueServer;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class SqsQueueTest extends QueueConformance {
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
        queue = client.requests("conformance-" + UUID.randomUUID());
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Override
    MessageQueue queue() {
        return queue;
    }

    @Override
    void pass(Duration time) {
        Instant until = Instant.now().plus(time);
        Awaitility.await().until(() -> Instant.now().isAfter(until));
    }
}
