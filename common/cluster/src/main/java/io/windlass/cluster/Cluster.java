package io.windlass.cluster;

import io.windlass.job.Input;
import io.windlass.job.JobId;
import io.windlass.job.JobSeen;
import io.windlass.job.Look;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Windlass does in a cluster, and how it looks at a job there. A call that did not come to an
 * answer is a {@link ClusterAwayException}.
 */
public interface Cluster {
    /** What a POST came to. */
    sealed interface Creation {
        record Made(JobSeen job) implements Creation {}

        record Exists() implements Creation {}

        record Refused(Input.Refusal why, String message) implements Creation {}

        /** Surely nothing was made. */
        record NotMade(String message, Duration retryAfter) implements Creation {}

        /** It may or may not have been made. */
        record Unknown(String message) implements Creation {}
    }

    Creation create(String namespace, Map<String, @Nullable Object> manifest);

    /** Foreground, and only the object of that uid. True where it is gone already. */
    boolean delete(String namespace, String name, String uid);

    /**
     * An ended Job, and only the object of that uid; its pods are collected by the cluster
     * afterwards. True where it is gone.
     */
    boolean remove(String namespace, String name, String uid);

    /** Only the object of that uid; its pods are deleted by the cluster. True where it is gone. */
    boolean suspend(String namespace, String name, String uid);

    /**
     * Of a Job that stays. Never pods that still run: the Job controller waits for the deletions
     * that it has begun itself, and one that another was faster with stalls it for five minutes.
     */
    void deleteEndedPods(String namespace, JobId jobId);

    /**
     * Those of the Job of that uid that have not ended are given no longer grace than this, counted
     * from when they were deleted first. Never force: a node that is away may still run them.
     */
    void endPods(String namespace, JobId jobId, String uid, Duration grace);

    /** Live: what the API server says now, not what a watch has told. */
    Look look(String namespace, String name, JobId jobId);

    /**
     * All Jobs of this installation with their pods, by two paged lists: for when looks would be
     * too many.
     */
    Map<JobId, Look> lookAtAll();

    /**
     * The uid of kube-system: names may be given to another cluster, this may not. Empty where the
     * API server says that there is none.
     */
    String identity();
}
