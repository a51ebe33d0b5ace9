package io.windlass.web;

import io.windlass.job.Decider;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.Rules;
import io.windlass.messages.Installation;
import io.windlass.store.Progressions;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Writes the wish to cancel where it cannot be lost; the processors see to the rest. */
@Singleton
final class Cancellations {
    private final Progressions progressions;
    private final Nudges nudges;
    private final Decider decider;

    Cancellations(Progressions progressions, Nudges nudges, Installation installation) {
        this.progressions = progressions;
        this.nudges = nudges;
        this.decider = new Decider(Rules.DEFAULT, installation.id());
    }

    /** False where it had ended already. */
    boolean cancel(JobId id, String by) {
        Optional<Job> job = progressions.load(id);
        while (job.isPresent() && !job.get().state().terminal()) {
            if (!job.get().progress().desired().isRun() || wish(job.get(), by)) {
                nudges.cancelRequested(job.get().cluster(), id, by);
                return true;
            }
            job = progressions.load(id);
        }
        return false;
    }

    private boolean wish(Job job, String by) {
        return progressions.inTransaction(batch ->
                batch.write(
                                List.of(
                                        new Progressions.Step(
                                                job,
                                                decider.decide(
                                                        job,
                                                        new Input.CancelRequested(by),
                                                        batch.now()))))
                        .isEmpty());
    }
}
