package io.windlass.job;

import org.jspecify.annotations.Nullable;

/** Why a pod waits. Some end in a verdict after a grace, some never do. */
public enum WaitClass {
    IMAGE_NAME_INVALID(Reason.IMAGE_NAME_INVALID),
    IMAGE_NOT_FOUND(Reason.IMAGE_NOT_FOUND),
    CONFIG_MISSING(Reason.CONFIG_MISSING),
    NAMESPACE_MISSING(Reason.NAMESPACE_MISSING),
    /** The scheduler has no place now: no failure, but admission sends fewer. */
    WAITING_FOR_ROOM(null),
    /** Ours to mend, not the job's: a permission that Windlass lacks. */
    FORBIDDEN(null);

    private final @Nullable Reason verdict;

    WaitClass(@Nullable Reason verdict) {
        this.verdict = verdict;
    }

    /** The reason of the failure that this class ends in, or null where it never does. */
    public @Nullable Reason verdict() {
        return verdict;
    }
}
