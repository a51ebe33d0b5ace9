package io.windlass.cluster;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Liveness;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

/** A watcher whose streams are dead, and stay dead, is better restarted. */
@Singleton
@Liveness
final class WatchesHealthIndicator implements HealthIndicator {
    private final WatchedHealth watches;

    WatchesHealthIndicator(WatchedHealth watches) {
        this.watches = watches;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        return Publishers.just(
                HealthResult.builder(
                                "watches", watches.alive() ? HealthStatus.UP : HealthStatus.DOWN)
                        .build());
    }
}
