package io.windlass.processor;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.windlass.job.Outages;
import java.time.Duration;

/**
 * When failing pulls are an outage, and how long verdicts about them are held up.
 *
 * @param images of so many different images of one registry, or on one node
 * @param within which time these must begin to fail
 * @param hold so much longer than its grace a cause may stand
 * @param remembered so long after the last sight of it verdicts are still held up
 */
@ConfigurationProperties("windlass.fail-fast.outage")
public record OutageSettings(
        @Bindable(defaultValue = "5") int images,
        @Bindable(defaultValue = "2m") Duration within,
        @Bindable(defaultValue = "30m") Duration hold,
        @Bindable(defaultValue = "6m") Duration remembered) {

    Outages outages() {
        return new Outages(images, within);
    }
}
