package io.windlass.service;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import org.jspecify.annotations.Nullable;

/**
 * Where traces go.
 *
 * @param endpoint a collector that takes OTLP over HTTP, as {@code http://collector:4318}; without
 *     one no traces are sent, and those of callers are passed on
 * @param ratio of the traces that begin here; one that a caller has begun is followed as it says
 */
@ConfigurationProperties("windlass.tracing")
public record TracingSettings(
        @Nullable String endpoint, @Bindable(defaultValue = "1.0") double ratio) {}
