package io.windlass.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why a job has not started, since when, and when that will be final if nothing changes; of an
 * ended one, why its objects are still there.
 *
 * @param object what is at fault, by kind and name, where that is known
 * @param heard of the Job itself, where only its events tell that its pods are not taken
 */
public record Waiting(
        WaitClass waitClass,
        String message,
        Instant since,
        @Nullable Instant verdictAt,
        @Nullable String object,
        @Nullable Heard heard) {
    /** What becomes of the job is fixed otherwise. */
    Waiting withoutVerdict() {
        return new Waiting(waitClass, message, since, null, object, heard);
    }
}
