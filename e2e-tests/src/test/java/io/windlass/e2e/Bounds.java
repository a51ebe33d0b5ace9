package io.windlass.e2e;

import io.windlass.testing.TestSize;
import java.time.Duration;

/**
 * How late something may come. The tight bound holds at full size; at short size, on a machine that
 * does other work too, five times as much is allowed, and the figure is printed.
 */
final class Bounds {
    private static final int ALLOWANCE = 5;

    private Bounds() {}

    static Duration of(Duration tight) {
        return TestSize.of(tight.multipliedBy(ALLOWANCE), tight);
    }

    static double of(double tight) {
        return TestSize.of(tight * ALLOWANCE, tight);
    }
}
