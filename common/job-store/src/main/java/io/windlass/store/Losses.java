package io.windlass.store;

import io.windlass.job.JobId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Declarations that a cluster is lost, or found again, and its jobs that do not know it yet. */
public interface Losses {
    /**
     * What somebody has declared of a cluster.
     *
     * @param by who did
     * @param found it is there again
     * @param heardAt when it answered last before it was declared lost
     */
    record Declaration(
            String cluster, String identity, String by, boolean found, Instant heardAt) {}

    /** One that is not worked off; nobody else works at it until this transaction ends. */
    Optional<Declaration> open(String cluster);

    /** Of its jobs, some that are to be ended or settled, in the order of their ids. */
    List<JobId> toEnd(Declaration lost, int most);

    /** Nobody can read any more what they wrote: what is kept is all that there is. */
    void closeLogs(Collection<JobId> jobs);

    /** They were ended or settled for this. */
    void ended(Declaration lost, Collection<JobId> jobs);

    /** It alone could not be ended: tried again later, so that the others are not held up. */
    void setAside(JobId job, String error);

    /** Of its jobs that were ended for its loss, some that were not told that it is there again. */
    List<JobId> toTell(Declaration found, int most);

    void told(Declaration found, JobId last);

    /** False where there may be more yet. */
    boolean workedOff(Declaration declaration);
}
