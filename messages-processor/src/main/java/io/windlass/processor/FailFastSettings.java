package io.windlass.processor;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How long a cause must stand before it is a verdict.
 *
 * @param imageNotFound with at least two pulls
 * @param imageNotFoundWithoutSecondPull with one
 * @param configMissing a Secret, a ConfigMap, or a key of theirs
 * @param namespaceMissing the job's namespace
 */
@ConfigurationProperties("windlass.fail-fast")
public record FailFastSettings(
        @Bindable(defaultValue = "60s") Duration imageNotFound,
        @Bindable(defaultValue = "120s") Duration imageNotFoundWithoutSecondPull,
        @Bindable(defaultValue = "30s") Duration configMissing,
        @Bindable(defaultValue = "60s") Duration namespaceMissing) {}
