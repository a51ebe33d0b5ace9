package io.windlass.service;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What jobs may ask for, the same for every service that reads or makes them.
 *
 * @param runAsNonRoot namespaces where no container may run as root; {@code *} is all of them
 * @param allow {@code NAMESPACE:THING} of what is otherwise refused
 * @param serviceAccounts {@code NAMESPACE:NAME} of those that pods may act by
 * @param ownNamespace the control plane's, which no job goes to
 */
@ConfigurationProperties("windlass.jobs")
public record JobsSettings(
        @Nullable List<String> runAsNonRoot,
        @Nullable List<String> allow,
        @Nullable List<String> serviceAccounts,
        @Nullable String ownNamespace) {}
