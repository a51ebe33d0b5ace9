package io.windlass.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is to be done about the instants of a schedule that have come, and where it then stands. */
public record Account(List<Entry> entries, Instant accountedUntil, Optional<Instant> nextDue) {

    /** A line of the ledger. */
    public sealed interface Entry {
        Instant plannedAt();

        /** A job is made; the runs before it are cancelled where it replaces them. */
        record Submit(Instant plannedAt, Duration lateBy, boolean replaces) implements Entry {}

        /** It comes when the run before it has ended. */
        record Wait(Instant plannedAt) implements Entry {}

        /**
         * The run before it has ended, or it has waited too long: what it waited for is decided.
         */
        record Resolve(Entry entry) implements Entry {
            @Override
            public Instant plannedAt() {
                return entry.plannedAt();
            }
        }

        /** Nothing is made of so many instants, all of which have the same reason. */
        record Without(Instant plannedAt, Instant until, int instants, Cause cause)
                implements Entry {}
    }

    /** Why nothing was made of an instant. */
    public enum Cause {
        PAUSED(Verdict.SKIPPED, "the schedule was paused"),
        STILL_RUNNING(
                Verdict.SKIPPED, "the run before it had not ended, and concurrency is Forbid"),
        REPLACED(Verdict.SKIPPED, "a later instant was due already, and concurrency is Replace"),
        QUEUE_FULL(Verdict.SKIPPED, "too many instants waited for the run before them"),
        REFUSED(Verdict.SKIPPED, "the job was refused"),
        LATE(Verdict.MISSED, "nobody was there when it came, and catchUp is none"),
        SUPERSEDED(
                Verdict.MISSED,
                "nobody was there when it came, and catchUp gives later ones the run"),
        DEADLINE(Verdict.MISSED, "its startingDeadline had passed"),
        CHANGED(Verdict.SKIPPED, "the schedule was changed before it was due");

        private final Verdict verdict;
        private final String text;

        Cause(Verdict verdict, String text) {
            this.verdict = verdict;
            this.text = text;
        }

        public Verdict verdict() {
            return verdict;
        }

        public String text() {
            return text;
        }
    }

    /** As the API names them; WAITING is none yet. */
    public enum Verdict {
        SUBMITTED,
        WAITING,
        SKIPPED,
        MISSED
    }
}
