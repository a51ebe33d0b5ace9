package io.windlass.store;

import io.micronaut.context.event.StartupEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import io.windlass.messages.Installation;
import jakarta.inject.Singleton;
import java.util.Set;

/** A service with a database refuses to start where the database is another installation's. */
@Singleton
final class InstallationCheck {
    private final Installations installations;
    private final Installation installation;

    InstallationCheck(Installations installations, Installation installation) {
        this.installations = installations;
        this.installation = installation;
    }

    @EventListener
    void check(StartupEvent event) {
        installations
                .confirm(
                        installation.id(),
                        installation.keyFingerprint(),
                        Set.copyOf(installation.previousKeyFingerprints()))
                .ifPresent(wrong -> {
                    throw new IllegalStateException(wrong);
                });
    }
}
