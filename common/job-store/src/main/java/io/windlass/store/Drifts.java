package io.windlass.store;

import io.windlass.job.Drift;
import io.windlass.job.JobId;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/** What comparisons with a cluster have found to differ from the rows. */
public interface Drifts {
    /** One Job that differs, by its name in the cluster. */
    record Found(Drift drift, JobId job, String namespace, String name) {}

    /**
     * In place of what the comparison before has found.
     *
     * @param listed when the list was begun: what was written to a row since is younger, and the
     *     row does not count
     * @return how many differ
     */
    Map<Drift, Integer> compared(String cluster, Collection<Found> found, Instant listed);
}
