package io.windlass.simulator;

import io.windlass.job.Job;
import io.windlass.job.JobId;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that were meant for one cluster and made in the next, since their creator was frozen
 * meanwhile. No row can tell before they are seen: what ADR 24 says of them is excused here.
 */
final class LatePosts {
    private final Set<JobId> jobs = new HashSet<>();
    private final Set<String> uids = new HashSet<>();
    private Instant clusterWent = Instant.MAX;

    void clusterGoes(Instant now) {
        clusterWent = now;
    }

    void made(JobId id, MemoryStore.@Nullable Row row, MemoryJob job, String cluster) {
        String meantFor = row == null ? null : row.job().identity().made();
        if (meantFor != null && !meantFor.equals(cluster)) {
            jobs.add(id);
            uids.add(job.uid);
        }
    }

    /** It is found and stopped, as often as one comes. */
    boolean hasMade(String uid) {
        return uids.contains(uid);
    }

    /** Its answer was true in the cluster in which it was given. */
    boolean startsAfterAnAnswer(Job job, MemoryJob made) {
        Instant answered = job.progress().finishedAt();
        return uids.contains(made.uid) && answered != null && answered.isBefore(clusterWent);
    }

    /** Its labels were taken off, and its uid was forgotten with the cluster that was lost. */
    boolean isForgotten(Job job, boolean listed) {
        return jobs.contains(job.id()) && job.identity().lost() != null && !listed;
    }
}
