package io.windlass.simulator;

import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.Rules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * While no fault is under way, an answer follows its evidence within a second. A fault is under way
 * until nothing of it can come any more: no late message, no call that stalled, no lease, no list
 * that is old.
 */
final class Promptness {
    static final Duration BOUND = Duration.ofSeconds(1);

    /** The longest of these, a call that stalls for two minutes, and what it holds up. */
    private static final Duration AFTERMATH = Duration.ofMinutes(3);

    /** Rows know objects by numbers that are not given any more, until each was looked at. */
    private static final Duration AFTER_A_RESTORE = Duration.ofMinutes(13);

    /** That a pod's last state may still be on its way is waited for. */
    private static final Duration LAST_NEWS = Duration.ofSeconds(10);

    private final World world;
    private final MemoryStore store;
    private final Consumer<String> violation;
    private final List<Long> changes = new ArrayList<>();
    private final List<SimulatedProcess> processors = new ArrayList<>();
    private long calmFrom = Long.MAX_VALUE;
    private int answers;

    Promptness(World world, MemoryStore store, Consumer<String> violation) {
        this.world = world;
        this.store = store;
        this.violation = violation;
    }

    /** From here on nothing new breaks; how long it takes until all of it is over. */
    Duration clears(boolean restored) {
        Duration aftermath = restored ? AFTER_A_RESTORE : AFTERMATH;
        calmFrom = world.nanos() + aftermath.toNanos();
        return aftermath;
    }

    void answersAreOf(SimulatedProcess processor) {
        processors.add(processor);
    }

    private boolean nobodyCouldAnswer(long begin) {
        return processors.stream().allMatch(processor -> processor.stoodStill(begin));
    }

    /** A process stops, and goes on much later: in between it is only missing. */
    void frozen(Duration length) {
        changes.add(world.nanos());
        changes.add(world.nanos() + length.toNanos());
    }

    /** How many answers were measured. */
    int answers() {
        return answers;
    }

    private boolean calmSince(long begin) {
        return begin >= calmFrom
                && changes.stream()
                        .noneMatch(at -> at <= world.nanos() && begin < at + AFTERMATH.toNanos());
    }

    /** Its Job has a condition that ends it. */
    void conditionTold(MemoryJob job, String condition) {
        Predicate<Job> owed = row -> row.progress().desired().isRun();
        owed(job, owed, condition + " of its Job");
    }

    /** It is not wanted any more, and its Job is gone. */
    void gone(MemoryJob job) {
        owed(
                job,
                row -> !row.progress().desired().isRun() && row.progress().missingSince() == null,
                "the end of its Job");
        world.after(
                LAST_NEWS,
                () ->
                        owed(
                                job,
                                row ->
                                        !row.progress().desired().isRun()
                                                && row.progress().missingSince() != null,
                                "the last news of its pods"));
    }

    private void owed(MemoryJob job, Predicate<Job> owed, String evidence) {
        Predicate<Job> unanswered =
                row ->
                        !row.state().terminal()
                                && owed.test(row)
                                && job.uid.equals(row.progress().kubernetesUid());
        job.jobId().ifPresent(id -> within(Duration.ZERO, id, unanswered, evidence));
    }

    /** What it waits for becomes a verdict when its grace is over. */
    void waits(Job before, Job after) {
        Instant verdictAt = verdictAt(after);
        if (verdictAt != null && !verdictAt.equals(verdictAt(before))) {
            Duration until = Duration.between(world.instant(), verdictAt);
            within(
                    until.isNegative() ? Duration.ZERO : until,
                    after.id(),
                    row ->
                            !row.state().terminal()
                                    && row.progress().desired().isRun()
                                    && verdictAt.equals(verdictAt(row)),
                    "the end of its grace");
        }
    }

    /** What its Job will come to is fixed, and is waited for until a bound. */
    void concludes(Job before, Job after) {
        Instant since = after.progress().marks().endingSince();
        if (since != null && !since.equals(before.progress().marks().endingSince())) {
            within(
                    Rules.DEFAULT.checks().deletionBound(),
                    after.id(),
                    row ->
                            !row.state().terminal()
                                    && row.progress().desired().isRun()
                                    && since.equals(row.progress().marks().endingSince()),
                    "the bound of its end");
        }
    }

    private static @Nullable Instant verdictAt(Job job) {
        return job.progress().waiting() == null ? null : job.progress().waiting().verdictAt();
    }

    private void within(Duration until, JobId id, Predicate<Job> unanswered, String evidence) {
        long begin = world.nanos() + until.toNanos();
        world.after(
                until.plus(BOUND),
                () -> {
                    MemoryStore.Row row = store.row(id);
                    if (row == null || !calmSince(begin) || nobodyCouldAnswer(begin)) {
                        return;
                    }
                    answers++;
                    if (unanswered.test(row.job())) {
                        violation.accept(
                                "%s has no answer %s after %s: %s"
                                        .formatted(id, BOUND, evidence, row.job()));
                    }
                });
    }
}
