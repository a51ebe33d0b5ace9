package io.windlass.service;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;

@Factory
final class MemoryBeans {
    @Singleton
    ByteBudget budget(MemorySettings settings, MeterRegistry metrics) {
        long most = (long) (Runtime.getRuntime().maxMemory() * settings.share());
        ByteBudget budget = new ByteBudget(most, settings.patience());
        metrics.gauge("windlass.memory.budget.bytes", budget, ByteBudget::most);
        metrics.gauge("windlass.memory.used.bytes", budget, ByteBudget::used);
        metrics.gauge("windlass.memory.waiting", budget, ByteBudget::waiting);
        FunctionCounter.builder("windlass.memory.refused", budget, ByteBudget::refused)
                .register(metrics);
        return budget;
    }
}
