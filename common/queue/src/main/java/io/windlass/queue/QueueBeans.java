package io.windlass.queue;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;

@Factory
final class QueueBeans {
    @Singleton
    @Bean(preDestroy = "close")
    QueueClient client(QueueSettings settings) {
        return new QueueClient(settings);
    }
}
