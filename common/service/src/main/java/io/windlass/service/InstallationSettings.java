package io.windlass.service;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which Windlass this is, from one Secret for all services.
 *
 * @param id every object in a cluster carries it
 * @param key signs messages
 * @param previousKey still accepted, while keys are being changed
 */
@ConfigurationProperties("windlass.installation")
public record InstallationSettings(
        @Nullable UUID id, @Nullable String key, @Nullable String previousKey) {}
