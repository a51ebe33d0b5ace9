package io.windlass.web;

import io.windlass.job.Decider;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.Rules;
import io.windlass.messages.Installation;
import io.windlass.service.Nudges;
import io.windlass.store.Progressions;
import io.windlass.store.Wishes;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the wish to cancel, and tells the processors of it. */
@Singleton
final class Cancellations {
    private final Wishes wishes;
    private final Nudges nudges;

    Cancellations(Progressions progressions, Nudges nudges, Installation installation) {
        this.wishes = new Wishes(progressions, new Decider(Rules.DEFAULT, installation.id()));
        this.nudges = nudges;
    }

    /** How many of these had not ended yet. */
    int cancelAll(Collection<JobId> ids, String by, @Nullable String traceparent) {
        List<Job> wished = wishes.cancelAll(ids, by);
        wished.forEach(job -> nudges.cancelRequested(job.cluster(), job.id(), by, traceparent));
        return wished.size();
    }

    /** False where it had ended already. */
    boolean cancel(JobId id, String by, @Nullable String traceparent) {
        Optional<Job> wished = wishes.cancel(id, by);
        wished.ifPresent(job -> nudges.cancelRequested(job.cluster(), id, by, traceparent));
        return wished.isPresent();
    }
}
