package io.windlass.job;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a pod or a Job waits, what that ends in, and after how long as shipped. Some never end in a
 * verdict. Of several causes on one pod the first in this order is told.
 */
public enum WaitClass {
    IMAGE_NAME_INVALID(Reason.IMAGE_NAME_INVALID, Duration.ZERO),
    CONFIG_MISSING(Reason.CONFIG_MISSING, Duration.ofSeconds(30)),
    /** The pod may not run as root, and its image does. */
    RUNS_AS_ROOT(Reason.REJECTED_BY_POLICY, Duration.ofSeconds(30)),
    REJECTED_BY_POLICY(Reason.REJECTED_BY_POLICY, Duration.ofSeconds(30)),
    EXECUTABLE_MISSING(Reason.CONTAINER_CANNOT_START, Duration.ofSeconds(30)),
    /** The job alone asks for more than the quota's limit. */
    QUOTA_EXCEEDED(Reason.QUOTA_EXCEEDED, Duration.ofSeconds(30)),
    IMAGE_NOT_FOUND(Reason.IMAGE_NOT_FOUND, Duration.ofSeconds(60)),
    SERVICE_ACCOUNT_MISSING(Reason.SERVICE_ACCOUNT_MISSING, Duration.ofSeconds(60)),
    IMAGE_REJECTED(Reason.IMAGE_REJECTED, Duration.ofSeconds(60)),
    NAMESPACE_MISSING(Reason.NAMESPACE_MISSING, Duration.ofSeconds(60)),
    /** No node could take it, were they all empty. */
    UNSCHEDULABLE(Reason.UNSCHEDULABLE, Duration.ofSeconds(60)),
    /** A volume's Secret, ConfigMap, or a key of theirs. */
    VOLUME_MISSING(Reason.VOLUME_MISSING, Duration.ofSeconds(90)),
    IMAGE_PULL_DENIED(Reason.IMAGE_PULL_DENIED, Duration.ofMinutes(2)),
    IMAGE_INSPECT_FAILED(Reason.IMAGE_REJECTED, Duration.ofMinutes(5)),
    CONTAINER_CONFIG_FAILED(Reason.CONTAINER_CANNOT_START, Duration.ofMinutes(5)),
    CONTAINER_CREATE_FAILED(Reason.CONTAINER_CANNOT_START, Duration.ofMinutes(5)),
    /** A reason that nobody has named yet. */
    OTHER(Reason.CONTAINER_CANNOT_START, Duration.ofMinutes(5)),
    SANDBOX_FAILED(Reason.SANDBOX_FAILED, Duration.ofMinutes(10)),
    VOLUME_FAILED(Reason.VOLUME_FAILED, Duration.ofMinutes(10)),
    /** No node that is there could take it, but somebody has said that another will come. */
    NODE_EXPECTED(Reason.UNSCHEDULABLE, Duration.ofMinutes(15)),
    /** A registry or the way to it has trouble, which passes more often than not. */
    IMAGE_PULL_FAILED(Reason.IMAGE_PULL_FAILED, Duration.ofMinutes(15)),
    /** Its own gates hold it back. */
    SCHEDULING_GATED(null, null),
    /** The API server does not take the Job's pods, for no reason that the job has given. */
    PODS_REFUSED(null, null),
    /** The scheduler, or a quota, has no room now: no failure, but admission sends fewer. */
    WAITING_FOR_ROOM(null, null),
    /** It has its answer, and pods of it do not go: its node stays away, or their grace is long. */
    PODS_REMAIN(null, null),
    /** It has its answer, and its Job does not go: somebody's finalizer holds it. */
    JOB_REMAINS(null, null),
    /** Calls to the API server for this job come to no answer. */
    CLUSTER_TROUBLE(null, null),
    /** Ours to mend, not the job's: a permission that Windlass lacks. */
    FORBIDDEN(null, null);

    private final @Nullable Reason verdict;
    private final @Nullable Duration grace;

    WaitClass(@Nullable Reason verdict, @Nullable Duration grace) {
        this.verdict = verdict;
        this.grace = grace;
    }

    /** The reason of the failure that this class ends in, or null where it never does. */
    public @Nullable Reason verdict() {
        return verdict;
    }

    /** A class that only a newer version knows: until that looks, it is nobody's fault. */
    public static WaitClass named(String name) {
        return Arrays.stream(values())
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElse(WAITING_FOR_ROOM);
    }

    /** Whether an image is at fault, or the place that it comes from. */
    boolean ofTheImage() {
        return this == IMAGE_NAME_INVALID
                || this == IMAGE_NOT_FOUND
                || this == IMAGE_REJECTED
                || this == IMAGE_PULL_DENIED
                || this == IMAGE_INSPECT_FAILED
                || this == IMAGE_PULL_FAILED;
    }

    /** As shipped; empty where waiting is never a failure. */
    Optional<Duration> grace() {
        return Optional.ofNullable(grace);
    }
}
