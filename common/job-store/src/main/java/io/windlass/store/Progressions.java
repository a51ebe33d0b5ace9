package io.windlass.store;

import io.windlass.job.DecidingPods;
import io.windlass.job.Decision;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads jobs for a decision, and writes what was decided: by compare-and-set, with its line of
 * history.
 */
public interface Progressions {
    static Progressions on(Database database) {
        return new PostgresProgressions(database);
    }

    /** A job as it was read, and what was decided from that. */
    record Step(Job job, Decision decision) {
        public boolean ends() {
            return !job.state().terminal() && decision.next().state().terminal();
        }

        /** Decided from what the other had come to, which so needs no write of its own. */
        boolean follows(Step other) {
            return job.id().equals(other.job().id()) && job.version() == other.job().version();
        }
    }

    /** Another was faster, and nothing of this transaction is kept: read again, decide again. */
    final class RaceLostException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public RaceLostException() {
            super("another was faster", null, false, false);
        }
    }

    /** What a batch does inside its one transaction. */
    interface Work<T> {
        T with(Batch batch);
    }

    <T> T inTransaction(Work<T> work);

    default Optional<Job> load(JobId id) {
        return inTransaction(batch -> Optional.ofNullable(batch.load(List.of(id)).get(id)));
    }

    /** False where another was faster: read again, decide again. */
    default boolean write(Step step) {
        return inTransaction(batch -> batch.write(List.of(step)).isEmpty());
    }

    /** One open transaction, with the database's clock as it was at its beginning. */
    interface Batch {
        Instant now();

        Map<JobId, Job> load(Collection<JobId> ids);

        /** With no more of their pods than {@linkplain DecidingPods decide}. */
        Map<JobId, Job> load(Collection<JobId> ids, Set<String> pods);

        /**
         * In id order, so that two batches cannot wait for each other. Who holds the rows does not
         * lose races; the compare-and-set stays for those who do not.
         */
        Map<JobId, Job> loadLocked(Collection<JobId> ids);

        /** With no more of their pods than {@linkplain DecidingPods decide}. */
        Map<JobId, Job> loadLocked(Collection<JobId> ids, Set<String> pods);

        /** Those that lost the race: nothing of them was written. */
        List<Step> write(List<Step> steps);

        /** Until the end of this transaction nobody else admits; false where it must not be. */
        boolean mayAdmit(String cluster);

        /** What a cluster is used for now. */
        Use use(String cluster, Instant pendingSince);

        /**
         * The queued jobs of a cluster, best rank first; so many of each namespace, and less where
         * there are many namespaces.
         */
        List<Candidate> queued(String cluster, int most, Collection<JobId> but);

        /** What is to be done about clusters that were declared lost. */
        Losses losses();
    }

    /** What a cluster is used for, by namespace. */
    record Use(List<NamespaceUse> namespaces) {}

    /**
     * What the jobs of a namespace take of it.
     *
     * @param jobs that are not deleted yet, but for those that only keep a name taken
     * @param pods of those that have not ended, or of which pods that may run remain
     * @param starting jobs that have not started
     * @param pending those of them that have not waited since before a given time for what no
     *     verdict puts an end to
     */
    record NamespaceUse(String namespace, int jobs, long pods, int starting, int pending) {
        /** They keep places, and may keep them for ever. */
        public int stuck() {
            return starting - pending;
        }
    }

    record Candidate(JobId id, String namespace, int weight) {}
}
