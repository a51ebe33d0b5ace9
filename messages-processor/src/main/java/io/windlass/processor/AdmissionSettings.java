package io.windlass.processor;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * What a cluster takes at once.
 *
 * @param maxJobs Jobs that are in the cluster, ended ones not yet deleted included
 * @param maxPods pods of jobs that have not ended, or of which pods that may run remain
 * @param maxPending Jobs that have not started, those not counted that have waited for a minute for
 *     what no verdict puts an end to
 * @param perRound how many are admitted in one transaction
 * @param interval how often the admitter looks without being told
 */
@ConfigurationProperties("windlass.admission")
public record AdmissionSettings(
        @Bindable(defaultValue = "5000") int maxJobs,
        @Bindable(defaultValue = "10000") int maxPods,
        @Bindable(defaultValue = "500") int maxPending,
        @Bindable(defaultValue = "200") int perRound,
        @Bindable(defaultValue = "1s") Duration interval) {

    public AdmissionSettings {
        if (maxJobs < 1 || maxPods < 1 || maxPending < 1 || perRound < 1) {
            throw new IllegalArgumentException(
                    "the bounds of windlass.admission must be at least 1");
        }
    }
}
