package io.windlass.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What polls of a quarter of a second find, and what a watch is told at once: in calm somebody is
 * woken for it, since the loops of the simulation rest for longer than those in life.
 */
final class Polls {
    private static final Duration POLL = Processor.CHECKS.poll();

    private final World world;
    private final Climate climate;
    private final Map<String, SimulatedLoop> sweeps = new LinkedHashMap<>();
    private final Map<String, SimulatedLoop> watches = new LinkedHashMap<>();

    Polls(World world, Climate climate) {
        this.world = world;
        this.climate = climate;
    }

    /** In place of that of the life before. */
    void sweeps(String process, SimulatedLoop loop) {
        sweeps.put(process, loop);
    }

    void watches(String process, SimulatedLoop loop) {
        watches.put(process, loop);
    }

    /** A row is due at this time. */
    void due(Instant at) {
        world.after(
                Duration.between(world.instant(), at),
                () -> {
                    if (climate.calm()) {
                        sweeps.values().forEach(loop -> world.after(world.upTo(POLL), loop::wake));
                    }
                });
    }

    /** An object of the cluster has changed. */
    void changed() {
        if (climate.calm()) {
            watches.values().forEach(loop -> world.after(Duration.ZERO, loop::wake));
        }
    }
}
