package io.windlass.service;

import io.micronaut.context.annotation.Factory;
import io.windlass.messages.EnvelopeCodec;
import io.windlass.messages.Installation;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;

@Factory
final class InstallationBeans {
    @Singleton
    Installation installation(InstallationSettings settings) {
        if (settings.id() == null || settings.key() == null) {
            throw new IllegalStateException(
                    "set WINDLASS_INSTALLATION_ID (a UUID) and WINDLASS_INSTALLATION_KEY, the same for every service");
        }
        return new Installation(
                settings.id(),
                settings.key(),
                settings.previousKey() == null || settings.previousKey().isBlank()
                        ? List.of()
                        : List.of(settings.previousKey()));
    }

    @Singleton
    EnvelopeCodec codec(Installation installation) {
        return new EnvelopeCodec(installation, InstantSource.system());
    }
}
