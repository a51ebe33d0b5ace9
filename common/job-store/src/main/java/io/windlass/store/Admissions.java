package io.windlass.store;

import io.windlass.job.Decider;
import io.windlass.job.Input;
import io.windlass.job.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets queued jobs into a cluster, best rank first, as far as its bounds allow. One admitter at a
 * time.
 */
public final class Admissions {
    /** A job that has waited for room for so long no longer keeps others from starting. */
    private static final Duration PENDING_NO_LONGER_COUNTS = Duration.ofSeconds(60);

    /** What a cluster takes at once: Jobs not yet deleted, pods, and Jobs that have not started. */
    public record Bounds(int jobs, int pods, int pending, int perRound) {}

    /** How many were admitted; whether the round ended for want of candidates, and not of room. */
    public record Round(int admitted, boolean more) {
        static final Round NONE = new Round(0, false);
    }

    private final Progressions progressions;
    private final Decider decider;

    public Admissions(Progressions progressions, Decider decider) {
        this.progressions = progressions;
        this.decider = decider;
    }

    public Round admit(String cluster, Bounds bounds) {
        return progressions.inTransaction(
                batch -> batch.mayAdmit(cluster) ? admit(batch, cluster, bounds) : Round.NONE);
    }

    private Round admit(Progressions.Batch batch, String cluster, Bounds bounds) {
        Progressions.Use use = batch.use(cluster, batch.now().minus(PENDING_NO_LONGER_COUNTS));
        long room =
                Math.min(
                        bounds.perRound(),
                        Math.min(bounds.jobs() - use.jobs(), bounds.pending() - use.pending()));
        if (room <= 0) {
            return Round.NONE;
        }
        List<Progressions.Step> steps = new ArrayList<>();
        long pods = use.pods();
        for (Progressions.Candidate candidate : batch.queued(cluster, room)) {
            // the first in line waits until it fits, so that small ones do not starve it; one that
            // would never fit goes when it has the cluster to itself
            if (pods > 0 && pods + candidate.weight() > bounds.pods()) {
                break;
            }
            pods += candidate.weight();
            Job job = candidate.job();
            steps.add(
                    new Progressions.Step(
                            job, decider.decide(job, new Input.Admitted(), batch.now())));
        }
        int lost = batch.write(steps).size();
        return new Round(steps.size() - lost, steps.size() == bounds.perRound());
    }
}
