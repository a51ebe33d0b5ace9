package io.windlass.job;

import org.jspecify.annotations.Nullable;

/** A line of history: what happened, who saw it, on which object. */
public record Evidence(
        String reason,
        String message,
        Source source,
        @Nullable String kind,
        @Nullable String name,
        @Nullable String uid,
        @Nullable Long resourceVersion,
        @Nullable String raw) {

    public enum Source {
        API,
        ADMISSION,
        CHECK,
        JOB_WATCH,
        POD_WATCH
    }
}
