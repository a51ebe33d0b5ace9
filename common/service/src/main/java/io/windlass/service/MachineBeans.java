package io.windlass.service;

import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;

@Factory
final class MachineBeans {
    @Singleton
    Machine machine() {
        return new Machine.Real();
    }
}
