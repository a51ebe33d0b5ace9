package io.windlass.store;

import io.windlass.job.Claim;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Jobs at which somebody must look, leased so that two sweeps do not look at the same; and the
 * claims of creators.
 */
public interface Checks {
    static Checks on(Database database) {
        return new PostgresChecks(database);
    }

    /**
     * What is overdue, demands for a look before routine, oldest first, now due again at the end of
     * the lease; and the clock by which it was.
     *
     * @param setAside those of which the last check failed
     */
    record Lease(List<Job> jobs, Instant now, Set<JobId> setAside) {
        public Lease(List<Job> jobs, Instant now) {
            this(jobs, now, Set.of());
        }
    }

    Lease lease(String cluster, Duration length, int most);

    /**
     * Jobs that should have been in a list of the cluster's, and were not, are looked at one by
     * one; which these are.
     */
    List<JobId> lookAtAllBut(Collection<JobId> listed, String cluster, Instant seenBefore);

    Instant now();

    /** How many are overdue, counted no further than {@code most}. */
    int overdue(String cluster, int most);

    /**
     * Empty where another holds it, the job has moved on, or the cluster behind the name is not
     * known by this identity. A claim taken over is counted for good.
     *
     * @param identity of the cluster that the Job is about to be made in
     */
    Optional<Claim> claim(Job job, UUID token, String identity, Duration lasts);

    /** Only after a POST that surely did nothing: then the next creator takes nothing over. */
    void release(JobId id, UUID token);

    /**
     * Its check failed by itself and is done again later; what is told of it meanwhile is handled
     * as always.
     */
    void setAside(JobId id, String error);

    /** Its check has worked again. */
    void wentWell(JobId id);

    StoredSpec spec(JobId id);

    /** What was asked for, and the trace that it was asked in. */
    record StoredSpec(Map<String, @Nullable Object> tree, @Nullable String traceparent) {}
}
