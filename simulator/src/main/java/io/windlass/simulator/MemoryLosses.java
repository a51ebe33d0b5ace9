package io.windlass.simulator;

import io.windlass.job.ClusterIdentity;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobState;
import io.windlass.store.Losses;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Clusters that are declared lost, in memory; none is ever found again. */
final class MemoryLosses implements Losses {
    private final MemoryStore store;
    private final Set<String> lost = new HashSet<>();
    private @Nullable Declaration open;

    MemoryLosses(MemoryStore store) {
        this.store = store;
    }

    /** What is known under the name; a job without an identity counts to it. */
    void declare(String cluster, String by, Instant heardAt) {
        String identity = Objects.requireNonNull(store.known(cluster));
        lost.add(identity);
        open = new Declaration(cluster, identity, by, false, heardAt);
        store.rows().stream()
                .map(MemoryStore.Row::job)
                .filter(job -> isUnsettled(job) && job.identity().made() == null)
                .map(Job::id)
                .toList()
                .forEach(id -> store.moved(id, new ClusterIdentity(identity, null)));
    }

    boolean isLost(String identity) {
        return lost.contains(identity);
    }

    boolean isInReach(Job job) {
        String made = job.identity().made();
        return made == null || job.identity().lost() != null || !isLost(made);
    }

    private static boolean isUnsettled(Job job) {
        return job.state() != JobState.QUEUED && !job.progress().settled();
    }

    @Override
    public Optional<Declaration> open(String cluster) {
        return Optional.ofNullable(open);
    }

    @Override
    public List<JobId> toEnd(Declaration declaration, int most) {
        return store.rows().stream()
                .map(MemoryStore.Row::job)
                .filter(MemoryLosses::isUnsettled)
                .filter(job -> declaration.identity().equals(job.identity().made()))
                .filter(job ->
                        !declaration.identity().equals(job.identity().lost())
                                || job.progress().kubernetesUid() != null)
                .map(Job::id)
                .sorted()
                .limit(most)
                .toList();
    }

    /** There are none here. */
    @Override
    public void closeLogs(Collection<JobId> jobs) {}

    @Override
    public void ended(Declaration declaration, Collection<JobId> jobs) {
        jobs.forEach(id -> {
            Job job = Objects.requireNonNull(store.row(id)).job();
            store.moved(id, new ClusterIdentity(job.identity().made(), declaration.identity()));
        });
    }

    @Override
    public void setAside(JobId job, String error) {
        throw new IllegalStateException(error);
    }

    @Override
    public List<JobId> toTell(Declaration found, int most) {
        return List.of();
    }

    @Override
    public void told(Declaration found, JobId last) {}

    @Override
    public boolean workedOff(Declaration declaration) {
        open = null;
        return true;
    }
}
