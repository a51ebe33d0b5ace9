package io.windlass.cluster;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The API server did not answer, or not with what was asked: never a job's failure. */
public final class ClusterAwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    public ClusterAwayException(String message, Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
