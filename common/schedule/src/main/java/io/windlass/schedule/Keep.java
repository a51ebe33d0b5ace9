package io.windlass.schedule;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How many ended jobs of a schedule stay, and for how long at most. */
public record Keep(int succeeded, int failed, @Nullable Duration age) {
    static final Keep DEFAULT = new Keep(3, 10, Duration.ofDays(30));
}
