package io.windlass.processor;

import io.micronaut.context.annotation.Context;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.service.Machine;
import io.windlass.store.Sequencing;
import jakarta.annotation.PostConstruct;
import java.time.Duration;

/** Gives committed events their place in the feed. Several may run: the lock lets one at a time. */
@Context
public final class Sequencer {
    private static final int MOST = 2_000;
    private static final Duration BUSY = Duration.ofMillis(20);
    private static final Duration IDLE = Duration.ofMillis(200);

    private final Sequencing feed;
    private final Machine machine;
    private final Wakeups wakeups;
    private final Loops loops;

    public Sequencer(Sequencing feed, Wakeups wakeups, Loops loops, Machine machine) {
        this.feed = feed;
        this.machine = machine;
        this.wakeups = wakeups;
        this.loops = loops;
    }

    @PostConstruct
    void start() {
        Loop loop = loops.add(new Loop("sequencer", this::runOnce));
        wakeups.whenHistory(loop::wake);
    }

    public Duration runOnce() throws InterruptedException {
        return switch (feed.sequence(MOST)) {
            case 0 -> IDLE;
            case MOST -> Duration.ZERO;
            default -> {
                // whatever commits in the meantime goes together, and costs one transaction
                machine.sleep(BUSY);
                yield Duration.ZERO;
            }
        };
    }
}
