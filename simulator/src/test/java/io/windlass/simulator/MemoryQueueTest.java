package io.windlass.simulator;

import io.windlass.queue.MessageQueue;
import java.time.Duration;

class MemoryQueueTest extends QueueConformance {
    private final World world = new World(1);
    private final MemoryQueue queue = new MemoryQueue(world, Duration.ofSeconds(1), 2);

    @Override
    MessageQueue queue() {
        return queue;
    }

    @Override
    void pass(Duration time) {
        world.runFor(time);
    }
}
