package io.windlass.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a job waits, and when a cause that stands becomes final. */
record Verdicts(Job job, Rules.Graces graces) {

    Waiting of(PodRecord pod, WaitClass waitClass) {
        Instant since = pod.classSince() == null ? Instant.EPOCH : pod.classSince();
        String cause = pod.cause() == null ? "" : pod.cause();
        Instant verdictAt =
                isHeld(waitClass) ? null : finalAt(waitClass, since, pod.pulls()).orElse(null);
        Surroundings.Outage outage = job.surroundings().holds(pod).orElse(null);
        String object = Culprit.of(waitClass, cause, pod.image()).orElse(null);
        return outage == null || verdictAt == null
                ? new Waiting(waitClass, cause, since, verdictAt, object, null)
                : new Waiting(
                        waitClass,
                        BoundedText.of("held up, since " + outage.told() + "; " + cause),
                        since,
                        verdictAt.plus(graces.outageHold()),
                        object,
                        null);
    }

    /** Of a Job that has no pods. */
    Waiting of(WaitClass waitClass, String cause, Instant since, @Nullable Heard heard) {
        return new Waiting(
                waitClass,
                BoundedText.of(cause),
                since,
                finalAt(waitClass, since, 0).orElse(null),
                Culprit.of(waitClass, cause, null).orElse(null),
                heard);
    }

    /** What it asks for may yet be made: its Secrets and ConfigMaps, if it has said so. */
    private boolean isHeld(WaitClass waitClass) {
        return job.waitsForConfig()
                && (waitClass == WaitClass.CONFIG_MISSING || waitClass == WaitClass.VOLUME_MISSING);
    }

    /** Empty where waiting is never a failure. */
    private Optional<Instant> finalAt(WaitClass waitClass, Instant since, int pulls) {
        return grace(waitClass, pulls).map(since::plus);
    }

    private Optional<Duration> grace(WaitClass waitClass, int pulls) {
        return waitClass == WaitClass.IMAGE_NOT_FOUND && pulls < 2
                ? Optional.of(graces.imageNotFoundWithoutSecondPull())
                : graces.of(waitClass);
    }
}
