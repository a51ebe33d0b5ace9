package io.windlass.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When a cause that stands becomes final. */
record Verdicts(Rules.Graces graces) {

    /** Empty where waiting is never a failure. */
    Optional<Instant> finalAt(WaitClass waitClass, Instant since, int pulls) {
        return grace(waitClass, pulls).map(since::plus);
    }

    private Optional<Duration> grace(WaitClass waitClass, int pulls) {
        return waitClass == WaitClass.IMAGE_NOT_FOUND && pulls < 2
                ? Optional.of(graces.imageNotFoundWithoutSecondPull())
                : graces.of(waitClass);
    }
}
