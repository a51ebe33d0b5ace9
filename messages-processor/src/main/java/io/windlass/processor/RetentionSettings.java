package io.windlass.processor;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How long what has ended is remembered.
 *
 * @param age of jobs with their history, from their end
 * @param feed of lines of the feed at least, whatever became of their job
 * @param keys of idempotency keys, from their first use
 * @param perRound how many are looked for at once
 * @param interval how often is looked for them
 */
@ConfigurationProperties("windlass.retention")
public record RetentionSettings(
        @Bindable(defaultValue = "30d") Duration age,
        @Bindable(defaultValue = "1d") Duration feed,
        @Bindable(defaultValue = "7d") Duration keys,
        @Bindable(defaultValue = "500") int perRound,
        @Bindable(defaultValue = "1m") Duration interval) {

    public RetentionSettings {
        if (age.isNegative() || feed.isNegative() || keys.isNegative() || perRound < 1) {
            throw new IllegalArgumentException(
                    "windlass.retention has ages of at least 0 and per-round of at least 1");
        }
    }
}
