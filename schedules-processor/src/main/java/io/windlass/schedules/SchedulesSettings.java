package io.windlass.schedules;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How often, and how much at a time.
 *
 * @param perRound how many schedules are looked at in one transaction
 * @param jobsPerRound how many jobs are made in one transaction
 * @param forgottenAtOnce how many jobs beyond what a schedule keeps are forgotten in one
 *     transaction
 * @param longestRest how long nobody looks at most, though nothing is due
 */
@ConfigurationProperties("windlass.schedules")
public record SchedulesSettings(
        @Bindable(defaultValue = "200") int perRound,
        @Bindable(defaultValue = "1000") int jobsPerRound,
        @Bindable(defaultValue = "200") int forgottenAtOnce,
        @Bindable(defaultValue = "1m") Duration longestRest) {

    public SchedulesSettings {
        if (perRound < 1 || jobsPerRound < 1 || forgottenAtOnce < 1 || !longestRest.isPositive()) {
            throw new IllegalArgumentException(
                    "windlass.schedules has a per-round, a jobs-per-round, a forgotten-at-once and a longest-rest above 0");
        }
    }
}
