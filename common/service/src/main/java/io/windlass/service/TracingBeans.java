package io.windlass.service;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;

@Factory
final class TracingBeans {
    @Singleton
    @Bean(preDestroy = "close")
    Tracing tracing(
            TracingSettings settings,
            @Value("${micronaut.application.name:windlass}") String service) {
        String endpoint = settings.endpoint();
        return endpoint == null || endpoint.isBlank()
                ? Tracing.OFF
                : Tracing.to(endpoint, settings.ratio(), service);
    }
}
