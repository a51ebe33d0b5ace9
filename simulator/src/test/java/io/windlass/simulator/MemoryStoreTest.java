package io.windlass.simulator;

import io.windlass.store.Checks;
import io.windlass.store.Heartbeats;
import io.windlass.store.Progressions;
import io.windlass.store.Sequencing;
import io.windlass.store.Submissions;
import java.time.Duration;

class MemoryStoreTest extends StoreConformance {
    private final World world = new World(1);
    private final MemoryStore store = new MemoryStore(world);

    @Override
    Progressions progressions() {
        return store;
    }

    @Override
    Checks checks() {
        return store;
    }

    @Override
    Submissions submissions() {
        return store;
    }

    @Override
    Heartbeats heartbeats() {
        return store;
    }

    @Override
    void declareLost() {
        store.losses().declare(Processor.CLUSTER, "tester", world.instant());
    }

    @Override
    Sequencing sequencing() {
        return store;
    }

    @Override
    void pass(Duration time) {
        world.runFor(time);
    }
}
