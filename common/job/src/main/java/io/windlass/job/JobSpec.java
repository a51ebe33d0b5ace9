package io.windlass.job;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job as it was asked for, checked, with its defaults filled in.
 *
 * @param waitsForConfig a Secret or ConfigMap that is missing is waited for, and never a failure
 */
public record JobSpec(
        String name,
        String namespace,
        String queue,
        String cluster,
        PodShape pod,
        Placement placement,
        int maxRetries,
        Duration timeout,
        @Nullable Duration startTimeout,
        boolean waitsForConfig,
        int priority,
        int parallelism,
        int completions,
        boolean indexed,
        Map<String, String> labels) {

    /** Of the stored form; a reader that knows it must read it for as long as a row has it. */
    public static final int VERSION = 1;

    public static final Duration DEFAULT_TIMEOUT = Duration.ofHours(24);

    /** How many pods it may have at a time. */
    public int weight() {
        return Math.min(parallelism, completions);
    }
}
