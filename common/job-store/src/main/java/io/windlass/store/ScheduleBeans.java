package io.windlass.store;

import io.micronaut.context.annotation.Factory;
import io.windlass.job.Decider;
import io.windlass.job.JobId;
import io.windlass.job.PodPolicies;
import io.windlass.job.Rules;
import io.windlass.messages.Installation;
import io.windlass.schedule.Accountant;
import io.windlass.schedule.Zones;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.security.SecureRandom;

/** What plans, and what changes plans: the same rules for both. */
@Factory
final class ScheduleBeans {
    @Singleton
    Ledger ledger(Database database, Installation installation) {
        return new Ledger(database, new Decider(Rules.DEFAULT, installation.id()));
    }

    @Singleton
    ScheduleChanges changes(Database database, Ledger ledger) {
        return new ScheduleChanges(database, ledger);
    }

    @Singleton
    Zones zones(AccountingSettings settings) {
        String folder = settings.zones();
        return folder == null ? Zones.ofJdk() : new ZoneFiles(Path.of(folder));
    }

    @Singleton
    Clerk clerk(AccountingSettings settings, PodPolicies policies, Zones zones) {
        SecureRandom random = new SecureRandom();
        return new Clerk(
                new Accountant(new Accountant.Rules(settings.onTime(), settings.longestQueue())),
                zones,
                policies,
                now -> JobId.at(now.toEpochMilli(), random));
    }
}
