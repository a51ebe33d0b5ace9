package io.windlass.store;

/** Why a job is still queued, as it looks when it is read. */
public enum QueuedFor {
    CLUSTER_PAUSED("its cluster is paused: nothing new goes to it"),
    CLUSTER_AWAY("its cluster has not answered for a minute, or is another one than before"),
    WINDOW_FULL("its cluster takes no more jobs of its namespace now; it is admitted in its turn");

    private final String message;

    QueuedFor(String message) {
        this.message = message;
    }

    public String message() {
        return message;
    }
}
