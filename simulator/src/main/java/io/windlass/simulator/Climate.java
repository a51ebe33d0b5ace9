package io.windlass.simulator;

import java.time.Duration;

/** The weather as it is now: everybody asks it anew. */
final class Climate {
    private static final Duration USUAL_REST = Duration.ofSeconds(3);
    private static final Duration REST_IN_CALM = Duration.ofSeconds(15);
    private Weather now;
    private Duration leastRest = USUAL_REST;

    Climate(Weather first) {
        now = first;
    }

    Weather now() {
        return now;
    }

    /** Polls are rarer than in life: what is woken does not wait for them. */
    Duration leastRest() {
        return leastRest;
    }

    /** Nothing is left to be done but to let a day pass. */
    void quietDay() {
        leastRest = Duration.ofMinutes(10);
    }

    void clears() {
        now = now.healed();
        leastRest = REST_IN_CALM;
    }
}
