package io.windlass.podscheduler.bind;

/** What the API server made of a binding. */
sealed interface Outcome {
    record Bound() implements Outcome {}

    /** It has decided: not like this. */
    record Refused(int status, String reason, String message) implements Outcome {}

    /** No answer, or none for now: it may have been done all the same. */
    record Away(String why) implements Outcome {}
}
