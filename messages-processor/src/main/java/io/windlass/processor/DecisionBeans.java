package io.windlass.processor;

import io.micronaut.context.annotation.Factory;
import io.windlass.cluster.Room;
import io.windlass.job.Decider;
import io.windlass.job.Rules;
import io.windlass.messages.Installation;
import io.windlass.service.ByteBudget;
import io.windlass.store.Admissions;
import io.windlass.store.LostJobs;
import io.windlass.store.Progressions;
import jakarta.inject.Singleton;

@Factory
final class DecisionBeans {
    @Singleton
    Rules rules(
            FailFastSettings graces,
            OutageSettings outages,
            CleanupSettings cleanup,
            ChecksSettings checks) {
        return new Rules(
                graces.graces(outages.hold()),
                new Rules.Cleanup(
                        cleanup.keepSucceeded(),
                        cleanup.keepFailed(),
                        cleanup.keepAfterTakeover(),
                        cleanup.waitForLogs(),
                        cleanup.podGrace()),
                new Rules.Checks(
                        checks.starting(),
                        checks.running(),
                        checks.deleting(),
                        checks.retry(),
                        checks.goneConfirmation(),
                        checks.deletionBound()));
    }

    /** Pages of pods come out of the budget that all of the process has. */
    @Singleton
    Room room(ByteBudget budget) {
        return bytes -> budget.await(bytes)::close;
    }

    @Singleton
    Decider decider(Rules rules, Installation installation) {
        return new Decider(rules, installation.id());
    }

    @Singleton
    Admissions admissions(Progressions progressions, Decider decider) {
        return new Admissions(progressions, decider);
    }

    @Singleton
    LostJobs lostJobs(Progressions progressions, Decider decider) {
        return new LostJobs(progressions, decider);
    }
}
