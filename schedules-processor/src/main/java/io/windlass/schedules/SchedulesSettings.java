package io.windlass.schedules;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How instants are accounted for.
 *
 * @param onTime what is no later than this is on time, whatever {@code catchUp} says
 * @param longestQueue how many instants of a schedule wait at most for the run before them
 * @param perRound how many schedules are looked at in one transaction
 * @param jobsPerRound how many jobs are made in one transaction
 * @param longestRest how long nobody looks at most, though nothing is due
 */
@ConfigurationProperties("windlass.schedules")
public record SchedulesSettings(
        @Bindable(defaultValue = "30s") Duration onTime,
        @Bindable(defaultValue = "100") int longestQueue,
        @Bindable(defaultValue = "200") int perRound,
        @Bindable(defaultValue = "1000") int jobsPerRound,
        @Bindable(defaultValue = "1m") Duration longestRest) {

    public SchedulesSettings {
        if (onTime.isNegative()
                || longestQueue < 1
                || perRound < 1
                || jobsPerRound < 1
                || !longestRest.isPositive()) {
            throw new IllegalArgumentException(
                    "windlass.schedules has an on-time of at least 0, and a longest-queue, a per-round, a jobs-per-round"
                            + " and a longest-rest above 0");
        }
    }
}
