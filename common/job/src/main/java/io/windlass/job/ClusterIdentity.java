package io.windlass.job;

import org.jspecify.annotations.Nullable;

/**
 * Which cluster a job's Kubernetes Job is in: a name may be given to another cluster.
 *
 * @param made where its Job is made; null where none is yet, or the version before made it
 * @param lost of the cluster that was declared lost with this job in it
 */
public record ClusterIdentity(@Nullable String made, @Nullable String lost) {
    public static final ClusterIdentity NONE = new ClusterIdentity(null, null);

    boolean isLost() {
        return lost != null;
    }

    /**
     * Nothing was done for it in another cluster since: what is seen of it is from the lost one.
     */
    boolean isStillTheLostOne() {
        return lost != null && lost.equals(made);
    }
}
