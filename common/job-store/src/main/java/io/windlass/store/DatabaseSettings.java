package io.windlass.store;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * Where PostgreSQL is.
 *
 * @param url {@code jdbc:postgresql://host:port/name}
 * @param user who connects
 * @param password of that user
 * @param connections the most that one process has open
 * @param patience how long is waited for a free one; messages-processor waits 10s
 */
@ConfigurationProperties("windlass.database")
public record DatabaseSettings(
        @Bindable(defaultValue = "jdbc:postgresql://localhost:5432/windlass") String url,
        @Bindable(defaultValue = "windlass") String user,
        @Bindable(defaultValue = "") String password,
        @Bindable(defaultValue = "10") int connections,
        @Bindable(defaultValue = "1s") Duration patience) {}
