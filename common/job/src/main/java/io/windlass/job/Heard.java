package io.windlass.job;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a cause that only events tell was told last. Old events linger for an hour: one that is not
 * repeated says nothing any more.
 */
public record Heard(WaitClass waitClass, long count, Instant at) {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** After 25 events of one pod a kubelet sends one in five minutes. */
    private static final Duration WHERE_KUBELETS_ARE_SILENCED = Duration.ofMinutes(6);

    /** Each repetition would be a line of history; one a minute tells as much. */
    private static final Duration OFTEN_ENOUGH = Duration.ofMinutes(1);

    static Heard again(@Nullable Heard before, WaitClass waitClass, long count, Instant now) {
        if (before == null || before.waitClass != waitClass) {
            return new Heard(waitClass, count, now);
        }
        boolean repeated = before.count != count && !before.at.plus(OFTEN_ENOUGH).isAfter(now);
        return repeated ? new Heard(waitClass, count, now) : before;
    }

    boolean isFresh(Instant now) {
        Duration patience =
                waitClass == WaitClass.SANDBOX_FAILED || waitClass == WaitClass.VOLUME_FAILED
                        ? WHERE_KUBELETS_ARE_SILENCED
                        : PATIENCE;
        // what was announced once is not announced again
        return waitClass == WaitClass.NODE_EXPECTED || !at.plus(patience).isBefore(now);
    }
}
