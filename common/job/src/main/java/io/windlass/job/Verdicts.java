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
        return switch (waitClass) {
            case IMAGE_NAME_INVALID -> Optional.of(Duration.ZERO);
            case IMAGE_NOT_FOUND ->
                    Optional.of(
                            pulls >= 2
                                    ? graces.imageNotFound()
                                    : graces.imageNotFoundWithoutSecondPull());
            case CONFIG_MISSING -> Optional.of(graces.configMissing());
            case NAMESPACE_MISSING -> Optional.of(graces.namespaceMissing());
            case WAITING_FOR_ROOM, FORBIDDEN -> Optional.empty();
        };
    }
}
