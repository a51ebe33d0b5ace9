package io.windlass.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tells from the pods whether the job has started, why it waits, and when waiting has become a
 * verdict.
 */
abstract class Assessing extends Answering {
    Assessing(Draft draft, Rules rules, UUID installation) {
        super(draft, rules, installation);
    }

    /** Pods alone: a start, a cause, a verdict whose time has come. */
    void assess(boolean live) {
        boolean starts = draft.state == JobState.STARTING && draft.anyPodStarted();
        if (starts) {
            draft.state = JobState.RUNNING;
            draft.startedAt = draft.now;
        }
        if (!draft.desired.isRun()) {
            draft.nextCheckAt = live ? draft.nextCheckAt : draft.now;
            return;
        }
        PodRecord waits = longestWaiting().orElse(null);
        draft.waiting = waits == null ? null : waiting(waits);
        Instant next = draft.now.plus(quietPeriod());
        Waiting waiting = draft.waiting;
        Instant verdictAt = waiting == null ? null : waiting.verdictAt();
        if (waiting != null && verdictAt != null && !somePodWorks()) {
            if (!verdictAt.isAfter(draft.now)) {
                verdict(waiting, live);
                return;
            }
            next = earlier(next, verdictAt);
        }
        if (draft.state == JobState.STARTING && draft.job.startTimeout() != null) {
            Instant tooLate = started(draft.admittedAt).plus(draft.job.startTimeout());
            if (!tooLate.isAfter(draft.now)) {
                startTimedOut(waiting, live);
                return;
            }
            next = earlier(next, tooLate);
        }
        draft.nextCheckAt = live || starts ? next : earlier(next, draft.nextCheckAt);
    }

    private void verdict(Waiting waiting, boolean live) {
        Reason reason = waiting.waitClass().verdict();
        if (waiting.waitClass() == WaitClass.IMAGE_NAME_INVALID) {
            // the spec itself says so: no later look can be kinder
            end(JobState.FAILED, Reason.IMAGE_NAME_INVALID.name(), waiting.message(), mayHaveRun());
            draft.deleteRequestedAt = draft.now;
            draft.nextCheckAt = draft.now;
        } else if (!live || reason == null) {
            draft.command(new Command.TakeLook());
        } else {
            giveUp(reason, waiting.message());
        }
    }

    private void startTimedOut(@Nullable Waiting waiting, boolean live) {
        if (live) {
            giveUp(
                    Reason.START_TIMEOUT,
                    "it had not started in time"
                            + (waiting == null ? "" : "; " + waiting.message()));
        } else {
            draft.command(new Command.TakeLook());
        }
    }

    private void giveUp(Reason reason, String message) {
        draft.desired = new Desired.Fail(reason, message);
        draft.note(line(reason.name(), message));
        if (draft.kubernetesUid != null) {
            commandGone(draft.kubernetesUid);
        }
    }

    private Optional<PodRecord> longestWaiting() {
        return draft.pods.values().stream()
                .filter(p -> p.waitClass() != null && p.classSince() != null && !p.over())
                .min(
                        Comparator.comparing((PodRecord p) ->
                                        p.waitClass() == WaitClass.WAITING_FOR_ROOM)
                                .thenComparing(p -> started(p.classSince())));
    }

    private Waiting waiting(PodRecord pod) {
        WaitClass waitClass = Objects.requireNonNull(pod.waitClass());
        Instant since = started(pod.classSince());
        return new Waiting(
                waitClass,
                pod.cause() == null ? "" : pod.cause(),
                since,
                verdicts().finalAt(waitClass, since, pod.pulls()).orElse(null));
    }

    /**
     * One hopeless pod fails the job, but not while another does its work: what that has done by
     * then may be wanted.
     */
    private boolean somePodWorks() {
        return draft.pods.values().stream()
                .anyMatch(p -> p.started() && !p.over() && p.waitClass() == null);
    }

    Verdicts verdicts() {
        return new Verdicts(rules.graces());
    }

    /** Jittered by the job's own id, so that what began together is not looked at together. */
    private Duration quietPeriod() {
        Duration base =
                draft.state == JobState.RUNNING
                        ? rules.checks().running()
                        : rules.checks().starting();
        long spread = base.toMillis() / 5;
        long jitter =
                spread == 0
                        ? 0
                        : Math.floorMod(draft.job.id().value().getLeastSignificantBits(), spread);
        return base.minusMillis(spread / 2).plusMillis(jitter);
    }

    private static Instant started(@Nullable Instant at) {
        return at == null ? Instant.EPOCH : at;
    }

    private static Instant earlier(Instant a, @Nullable Instant b) {
        return b == null || a.isBefore(b) ? a : b;
    }
}
