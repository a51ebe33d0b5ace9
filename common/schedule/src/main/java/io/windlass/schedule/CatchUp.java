package io.windlass.schedule;

/** What becomes of instants that nobody was there for when they came. */
public sealed interface CatchUp {
    int MOST = 10_000;

    /** They are missed. */
    record None() implements CatchUp {}

    /** The latest of them runs. */
    record Latest() implements CatchUp {}

    /** The latest so many of them run, in their order. */
    record All(int most) implements CatchUp {}

    /** How many of those that are late run. */
    default int most() {
        return switch (this) {
            case None() -> 0;
            case Latest() -> 1;
            case All(int most) -> most;
        };
    }
}
