package io.windlass.processor;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How long an ended job's Kubernetes Job stays.
 *
 * @param keepSucceeded after success
 * @param keepFailed after failure
 * @param keepAfterTakeover where a creator's claim was ever taken over: that creator may still thaw
 * @param waitForLogs how much longer at most, until its logs are kept; only where a gateway has
 *     given a sign within ten minutes
 * @param podGrace the longest grace of pods that are left when a job has its answer
 */
@ConfigurationProperties("windlass.cleanup")
public record CleanupSettings(
        @Bindable(defaultValue = "0s") Duration keepSucceeded,
        @Bindable(defaultValue = "10m") Duration keepFailed,
        @Bindable(defaultValue = "24h") Duration keepAfterTakeover,
        @Bindable(defaultValue = "5m") Duration waitForLogs,
        @Bindable(defaultValue = "5m") Duration podGrace) {

    public CleanupSettings {
        if (podGrace.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "windlass.cleanup.pod-grace must be at least 1s: nothing is deleted by force");
        }
    }
}
