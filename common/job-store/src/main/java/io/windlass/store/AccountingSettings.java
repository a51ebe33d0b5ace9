package io.windlass.store;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How instants are accounted for, by whoever does it.
 *
 * @param onTime what is no later than this is on time, whatever {@code catchUp} says
 * @param longestQueue how many instants of a schedule wait at most for the run before them
 * @param failingAfter so many failures in a row are a problem
 * @param zones a folder of zone files, whose rules come before the JDK's
 */
@ConfigurationProperties("windlass.schedules")
public record AccountingSettings(
        @Bindable(defaultValue = "30s") Duration onTime,
        @Bindable(defaultValue = "100") int longestQueue,
        @Bindable(defaultValue = "3") int failingAfter,
        @Nullable String zones) {

    public AccountingSettings {
        if (onTime.isNegative() || longestQueue < 1 || failingAfter < 1) {
            throw new IllegalArgumentException(
                    "windlass.schedules has an on-time of at least 0, and a longest-queue and a failing-after above 0");
        }
    }
}
