package io.windlass.service;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Liveness;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.reactivestreams.Publisher;

/** A process whose loops hang is as good as dead, and says so. */
@Singleton
@Liveness
final class LoopsHealth implements HealthIndicator {
    private final Loops loops;

    LoopsHealth(Loops loops) {
        this.loops = loops;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        List<String> stuck = loops.stuck();
        return Publishers.just(
                HealthResult.builder("loops", stuck.isEmpty() ? HealthStatus.UP : HealthStatus.DOWN)
                        .details(Map.of("stuck", stuck))
                        .build());
    }
}
