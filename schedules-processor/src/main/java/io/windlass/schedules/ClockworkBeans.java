package io.windlass.schedules;

import io.micronaut.context.annotation.Factory;
import io.windlass.job.Decider;
import io.windlass.job.JobId;
import io.windlass.job.PodPolicies;
import io.windlass.job.Rules;
import io.windlass.messages.Installation;
import io.windlass.schedule.Accountant;
import io.windlass.schedule.Zones;
import io.windlass.store.Database;
import io.windlass.store.Ledger;
import jakarta.inject.Singleton;
import java.security.SecureRandom;

@Factory
final class ClockworkBeans {
    @Singleton
    Ledger ledger(Database database, Installation installation) {
        return new Ledger(database, new Decider(Rules.DEFAULT, installation.id()));
    }

    @Singleton
    Clerk clerk(SchedulesSettings settings, PodPolicies policies) {
        SecureRandom random = new SecureRandom();
        return new Clerk(
                new Accountant(new Accountant.Rules(settings.onTime(), settings.longestQueue())),
                Zones.ofJdk(),
                policies,
                now -> JobId.at(now.toEpochMilli(), random));
    }
}
