package io.windlass.service;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * What a process may hold of what others send, store and ask for.
 *
 * @param share of the heap
 * @param patience for which a request waits for it
 */
@ConfigurationProperties("windlass.memory")
public record MemorySettings(
        @Bindable(defaultValue = "0.4") double share,
        @Bindable(defaultValue = "1s") Duration patience) {}
