package io.windlass.store;

import io.windlass.job.Decider;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes the wish to cancel where it cannot be lost; the processors see to the rest. */
public final class Wishes {
    private final Progressions progressions;
    private final Decider decider;

    public Wishes(Progressions progressions, Decider decider) {
        this.progressions = progressions;
        this.decider = decider;
    }

    /** The job whose end is wished now; empty where it had ended already. */
    public Optional<Job> cancel(JobId id, String by) {
        return cancelAll(List.of(id), by).stream().findFirst();
    }

    /** In one transaction; those whose end is wished now. */
    public List<Job> cancelAll(Collection<JobId> ids, String by) {
        return progressions.inTransaction(batch -> cancelAll(batch, ids, by));
    }

    /** In a transaction that has more to do. */
    List<Job> cancelAll(Progressions.Batch batch, Collection<JobId> ids, String by) {
        List<Job> wished = new ArrayList<>();
        List<Progressions.Step> steps = new ArrayList<>();
        for (Job job : batch.loadLocked(ids, Set.of()).values()) {
            if (!job.state().terminal()) {
                wished.add(job);
                steps.add(
                        new Progressions.Step(
                                job,
                                decider.decide(job, new Input.CancelRequested(by), batch.now())));
            }
        }
        batch.write(steps.stream().filter(s -> s.job().progress().desired().isRun()).toList());
        return wished;
    }
}
