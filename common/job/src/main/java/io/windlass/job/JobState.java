package io.windlass.job;

/** The pawl: a state only ever moves forward, and a terminal one not at all. */
public enum JobState {
    QUEUED,
    STARTING,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    public boolean terminal() {
        return switch (this) {
            case QUEUED, STARTING, RUNNING -> false;
            case SUCCEEDED, FAILED, CANCELLED -> true;
        };
    }
}
