package io.windlass.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Why a job has not started, since when, and when that will be final if nothing changes. */
public record Waiting(
        WaitClass waitClass, String message, Instant since, @Nullable Instant verdictAt) {}
