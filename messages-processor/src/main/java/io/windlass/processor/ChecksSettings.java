package io.windlass.processor;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * When somebody looks at a job of which there is no news, and how.
 *
 * @param starting after this long in STARTING
 * @param running after this long in RUNNING
 * @param deleting while its Job is being deleted
 * @param retry after a call that did not work
 * @param goneConfirmation how long a Job must be away before it counts as deleted by somebody else
 * @param deletionBound after this long a deletion is no longer waited for
 * @param poll how often overdue jobs are looked for
 * @param lease how long a check may take before another may begin it
 * @param parallel checks, and so creates, in flight at most
 * @param claim how long a creator may hold the right to create
 * @param reconcile how often all Jobs are listed
 */
@ConfigurationProperties("windlass.checks")
public record ChecksSettings(
        @Bindable(defaultValue = "30s") Duration starting,
        @Bindable(defaultValue = "10m") Duration running,
        @Bindable(defaultValue = "5s") Duration deleting,
        @Bindable(defaultValue = "2s") Duration retry,
        @Bindable(defaultValue = "10s") Duration goneConfirmation,
        @Bindable(defaultValue = "5m") Duration deletionBound,
        @Bindable(defaultValue = "250ms") Duration poll,
        @Bindable(defaultValue = "30s") Duration lease,
        @Bindable(defaultValue = "32") int parallel,
        @Bindable(defaultValue = "15s") Duration claim,
        @Bindable(defaultValue = "10m") Duration reconcile) {

    /**
     * The client's time-out of a POST: it must end before the claim does, and the claim before the
     * lease.
     */
    static final Duration POST_TIME_OUT = Duration.ofSeconds(10);

    public ChecksSettings {
        if (claim.compareTo(POST_TIME_OUT) <= 0) {
            throw new IllegalArgumentException(
                    "windlass.checks.claim must be longer than " + POST_TIME_OUT.toSeconds() + "s");
        }
        if (lease.compareTo(claim) <= 0) {
            throw new IllegalArgumentException(
                    "windlass.checks.lease must be longer than windlass.checks.claim");
        }
        if (parallel < 1) {
            throw new IllegalArgumentException("windlass.checks.parallel must be at least 1");
        }
    }
}
