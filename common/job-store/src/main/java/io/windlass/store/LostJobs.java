package io.windlass.store;

import io.windlass.job.Decider;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the jobs of a cluster that was declared lost, and tells them when it is there again: some in
 * each transaction, from the rows alone, so that whoever comes next goes on.
 */
public final class LostJobs {
    private static final Logger LOG = LoggerFactory.getLogger(LostJobs.class);

    /**
     * What came of one round.
     *
     * @param steps what was written
     * @param setAside how many could not be ended
     * @param more there may be more to do at once
     */
    public record Round(List<Progressions.Step> steps, int setAside, boolean more) {
        static final Round NOTHING = new Round(List.of(), 0, false);
    }

    private final Progressions progressions;
    private final Decider decider;

    public LostJobs(Progressions progressions, Decider decider) {
        this.progressions = progressions;
        this.decider = decider;
    }

    /** A portion of one declaration. */
    public Round goOn(String cluster, int most) {
        try {
            return progressions.inTransaction(batch -> goOn(batch, cluster, most));
        } catch (DatabaseAwayException e) {
            if (!SqlState.tookTooLong(e)) {
                throw e;
            }
            return most > 1 ? goOn(cluster, most / 2) : setAside(cluster, e);
        } catch (RuntimeException e) {
            return most > 1 ? oneByOne(cluster, most) : setAside(cluster, e);
        }
    }

    private Round oneByOne(String cluster, int most) {
        List<Progressions.Step> steps = new ArrayList<>();
        int setAside = 0;
        boolean more = true;
        for (int i = 0; i < most && more; i++) {
            Round one = goOn(cluster, 1);
            steps.addAll(one.steps());
            setAside += one.setAside();
            more = one.more();
        }
        return new Round(steps, setAside, more);
    }

    /** The first in line, as it stopped its round. */
    private Round setAside(String cluster, RuntimeException why) {
        return progressions.inTransaction(batch -> {
            Losses losses = batch.losses();
            Losses.Declaration lost = losses.open(cluster).orElse(null);
            if (lost == null) {
                return Round.NOTHING;
            }
            String error = String.valueOf(why.getMessage());
            if (lost.found()) {
                losses.toTell(lost, 1).forEach(id -> losses.told(lost, id));
                return new Round(List.of(), 0, true);
            }
            List<JobId> first = losses.toEnd(lost, 1);
            for (JobId id : first) {
                LOG.warn("job {} of a lost cluster cannot be ended, and waits: {}", id, error);
                losses.setAside(id, error);
            }
            return new Round(List.of(), first.size(), true);
        });
    }

    private Round goOn(Progressions.Batch batch, String cluster, int most) {
        Losses losses = batch.losses();
        Losses.Declaration declaration = losses.open(cluster).orElse(null);
        if (declaration == null) {
            return Round.NOTHING;
        }
        List<JobId> ids =
                declaration.found()
                        ? losses.toTell(declaration, most)
                        : losses.toEnd(declaration, most);
        if (ids.isEmpty()) {
            losses.workedOff(declaration);
            return Round.NOTHING;
        }
        if (!declaration.found()) {
            // before the rows of the jobs are locked: whoever keeps logs takes them in this order
            losses.closeLogs(ids);
        }
        List<Progressions.Step> steps = decided(batch, declaration, ids);
        if (!batch.write(steps).isEmpty()) {
            throw new Progressions.RaceLostException();
        }
        if (declaration.found()) {
            losses.told(declaration, ids.getLast());
        } else {
            losses.ended(declaration, ids);
        }
        return new Round(steps, 0, true);
    }

    private List<Progressions.Step> decided(
            Progressions.Batch batch, Losses.Declaration declaration, List<JobId> ids) {
        Map<JobId, Job> jobs = batch.loadLocked(ids, Set.of());
        Input input =
                declaration.found()
                        ? new Input.ClusterFound(declaration.identity(), declaration.by())
                        : new Input.ClusterLost(
                                declaration.identity(), declaration.by(), declaration.heardAt());
        List<Progressions.Step> steps = new ArrayList<>();
        for (JobId id : ids) {
            Job job = jobs.get(id);
            if (job != null) {
                steps.add(new Progressions.Step(job, decider.decide(job, input, batch.now())));
            }
        }
        return steps;
    }
}
