package io.windlass.cluster;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The API server did not answer, or not with what was asked: never a job's failure. */
public final class ClusterAwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;
    private final boolean refused;

    public ClusterAwayException(String message, Duration retryAfter, @Nullable Throwable cause) {
        this(message, retryAfter, cause, false);
    }

    ClusterAwayException(
            String message, Duration retryAfter, @Nullable Throwable cause, boolean refused) {
        super(message, cause);
        this.retryAfter = retryAfter;
        this.refused = refused;
    }

    /** It is there, and does not want to talk with us, or not now. */
    public boolean refused() {
        return refused;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
