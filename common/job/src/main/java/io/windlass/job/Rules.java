package io.windlass.job;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The numbers that decisions go by. */
public record Rules(Graces graces, Cleanup cleanup, Checks checks) {
    public static final Rules DEFAULT = new Rules(Graces.DEFAULT, Cleanup.DEFAULT, Checks.DEFAULT);

    /**
     * How long a cause must stand before it is a verdict: as shipped, but for what is set.
     *
     * @param outageHold how much longer while many pulls of one registry, or on one node, fail
     */
    public record Graces(
            Map<WaitClass, Duration> byClass,
            Duration imageNotFoundWithoutSecondPull,
            Duration outageHold) {
        public static final Graces DEFAULT =
                new Graces(Map.of(), Duration.ofMinutes(2), Duration.ofMinutes(30));

        public Graces {
            byClass = Map.copyOf(byClass);
        }

        /** Empty where waiting is never a failure. */
        public Optional<Duration> of(WaitClass waitClass) {
            return waitClass.grace().map(shipped -> byClass.getOrDefault(waitClass, shipped));
        }
    }

    /**
     * How long an ended Job stays in the cluster.
     *
     * @param waitForLogs the most that it stays longer until its logs are kept
     * @param podGrace the longest grace of pods that are left when a job has its answer
     */
    public record Cleanup(
            Duration keepSucceeded,
            Duration keepFailed,
            Duration keepAfterTakeover,
            Duration waitForLogs,
            Duration podGrace) {
        public static final Cleanup DEFAULT =
                new Cleanup(
                        Duration.ZERO,
                        Duration.ofMinutes(10),
                        Duration.ofHours(24),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(5));
    }

    /** After how long without news somebody looks. */
    public record Checks(
            Duration starting,
            Duration running,
            Duration deleting,
            Duration retry,
            Duration goneConfirmation,
            Duration deletionBound) {
        public static final Checks DEFAULT =
                new Checks(
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(5));
    }
}
