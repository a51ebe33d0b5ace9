package io.windlass.job;

/** What is wanted of a job; everything but {@link Run} makes its Kubernetes Job be deleted. */
public sealed interface Desired {
    record Run() implements Desired {}

    record Cancel() implements Desired {}

    /**
     * By a reason.
     *
     * @param reason open text: a version to come may have more reasons than this one
     */
    record Fail(String reason, String message) implements Desired {
        public Fail(Reason reason, String message) {
            this(reason.name(), message);
        }
    }

    default boolean isRun() {
        return this instanceof Run;
    }
}
