package io.windlass.store;

import io.windlass.job.Claim;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.Shares;
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
     * The slots that checks are done in, by namespace.
     *
     * @param posts those of them that may hold a POST
     */
    record Places(Shares all, Shares posts) {
        public static Places free(int most) {
            return new Places(new Shares(most, Map.of()), new Shares(most, Map.of()));
        }

        public Places copy() {
            return new Places(all.copy(), posts.copy());
        }

        public Collection<Shares> of(boolean post) {
            return post ? List.of(all, posts) : List.of(all);
        }
    }

    /**
     * What is overdue, demands for a look before routine, oldest first, as far as the share of its
     * namespace allows; now due again at the end of the lease.
     *
     * @param now the clock by which it was overdue
     * @param setAside those of which the last check failed
     * @param more is overdue
     */
    record Lease(List<Job> jobs, Instant now, Set<JobId> setAside, boolean more) {
        public Lease(List<Job> jobs, Instant now, boolean more) {
            this(jobs, now, Set.of(), more);
        }
    }

    Lease lease(String cluster, Duration length, Places places);

    default Lease lease(String cluster, Duration length, int most) {
        return lease(cluster, length, Places.free(most));
    }

    /**
     * Jobs that should have been in a list of the cluster's, and were not, are looked at one by
     * one; which these are.
     */
    List<JobId> lookAtAllBut(Collection<JobId> listed, String cluster, Instant seenBefore);

    Instant now();

    /** How many are overdue, counted no further than {@code most}. */
    int overdue(String cluster, int most);

    /**
     * A claim that was given.
     *
     * @param othersWait others of its namespace wait until the API server takes their Jobs
     */
    record Granted(Claim claim, boolean othersWait) {}

    /**
     * Empty where another holds it, the job has moved on, or the cluster behind the name is not
     * known by this identity. A claim taken over is counted for good.
     *
     * @param identity of the cluster that the Job is about to be made in
     */
    Optional<Granted> claim(Job job, UUID token, String identity, Duration lasts);

    /**
     * The API server takes Jobs of that namespace again: those whose POST waits for that are due.
     * How many.
     */
    int postAgain(String cluster, String namespace);

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
