package io.windlass.web;

import io.windlass.job.Decider;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.Rules;
import io.windlass.messages.Installation;
import io.windlass.store.Progressions;
import io.windlass.store.Wishes;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Writes the wish to cancel, and tells the processors of it. */
@Singleton
final class Cancellations {
    private final Wishes wishes;
    private final Nudges nudges;

    Cancellations(Progressions progressions, Nudges nudges, Installation installation) {
        this.wishes = new Wishes(progressions, new Decider(Rules.DEFAULT, installation.id()));
        this.nudges = nudges;
    }

    /** False where it had ended already. */
    boolean cancel(JobId id, String by) {
        Optional<Job> wished = wishes.cancel(id, by);
        wished.ifPresent(job -> nudges.cancelRequested(job.cluster(), id, by));
        return wished.isPresent();
    }
}
