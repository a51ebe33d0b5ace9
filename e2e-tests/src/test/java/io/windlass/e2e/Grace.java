package io.windlass.e2e;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The graces as shipped, and how to run with a part of them. */
enum Grace {
    IMAGE_NOT_FOUND(60),
    IMAGE_NOT_FOUND_WITHOUT_SECOND_PULL(120),
    IMAGE_PULL_DENIED(120),
    IMAGE_PULL_FAILED(900),
    IMAGE_REJECTED(60),
    IMAGE_INSPECT_FAILED(300),
    CONFIG_MISSING(30),
    RUNS_AS_ROOT(30),
    REJECTED_BY_POLICY(30),
    EXECUTABLE_MISSING(30),
    CONTAINER_CONFIG_FAILED(300),
    CONTAINER_CREATE_FAILED(300),
    OTHER(300),
    SANDBOX_FAILED(600),
    UNSCHEDULABLE(60),
    NODE_EXPECTED(900),
    QUOTA_EXCEEDED(30),
    SERVICE_ACCOUNT_MISSING(60),
    NAMESPACE_MISSING(60),
    VOLUME_MISSING(90),
    VOLUME_FAILED(600),
    AT_ONCE(0);

    private final int seconds;

    Grace(int seconds) {
        this.seconds = seconds;
    }

    Duration dividedBy(int divisor) {
        return Duration.ofMillis(seconds * 1000L / divisor);
    }

    /** Nothing where they stay as shipped: then nothing proves more than what ships. */
    static Map<String, String> settings(int divisor) {
        return settings(divisor, values());
    }

    /** Only these are divided. */
    static Map<String, String> settings(int divisor, Grace... graces) {
        Map<String, String> settings = new HashMap<>();
        for (Grace grace : graces) {
            if (divisor > 1 && grace != AT_ONCE) {
                settings.put(
                        "WINDLASS_FAIL_FAST_" + grace.name(),
                        grace.dividedBy(divisor).toMillis() + "ms");
            }
        }
        return settings;
    }

    String told(int divisor) {
        Duration grace = dividedBy(divisor);
        return this == AT_ONCE
                ? "at once"
                : String.format(Locale.ROOT, "%s s", trimmed(grace.toMillis() / 1e3));
    }

    private static String trimmed(double seconds) {
        return seconds == Math.rint(seconds)
                ? Long.toString((long) seconds)
                : Double.toString(seconds);
    }
}
