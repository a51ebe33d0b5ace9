package io.windlass.job;

/** What is wanted of a job; everything but {@link Run} makes its Kubernetes Job be deleted. */
public sealed interface Desired {
    record Run() implements Desired {}

    record Cancel() implements Desired {}

    record Fail(Reason reason, String message) implements Desired {}

    default boolean isRun() {
        return this instanceof Run;
    }
}
