package io.windlass.store;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

/**
 * Without its database a service is not ready; it is alive all the same, since a restart would not
 * help.
 */
@Singleton
@Readiness
final class DatabaseHealth implements HealthIndicator {
    private final Database database;

    DatabaseHealth(Database database) {
        this.database = database;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        HealthStatus status = database.answers() ? HealthStatus.UP : HealthStatus.DOWN;
        return Publishers.just(HealthResult.builder("database", status).build());
    }
}
