package io.windlass.simulator;

import io.windlass.service.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Does in virtual time what {@link Loop} does on a thread. */
final class SimulatedLoop {
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final SimulatedProcess process;
    private final Climate climate;
    private final Loop.Round round;
    private boolean woken;
    private SimulatedProcess.@Nullable Promise<Boolean> resting;

    SimulatedLoop(SimulatedProcess process, Climate climate, Loop.Round round) {
        this.process = process;
        this.climate = climate;
        this.round = round;
    }

    SimulatedLoop start() {
        process.execute(this::work);
        return this;
    }

    void wake() {
        woken = true;
        if (resting != null) {
            resting.keep(true);
        }
    }

    private void work() {
        while (process.up()) {
            Duration rest;
            try {
                rest = round.run();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                rest = AFTER_FAILURE;
            }
            if (!woken && !rest.isZero()) {
                rest(rest);
            }
            woken = false;
        }
    }

    private void rest(Duration asked) {
        resting = process.promise();
        process.await(resting, climate.rest(asked));
        resting = null;
    }
}
