package io.windlass.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tells from the pods whether the job has started, why it waits, and when waiting has become a
 * verdict.
 */
abstract class Assessing extends Answering {
    /** The look that is being taken in. */
    @Nullable Look look;

    Assessing(Draft draft, Rules rules, UUID installation) {
        super(draft, rules, installation);
    }

    /** Pods, or that there are none: a start, a cause, a verdict whose time has come. */
    void assess(Sight sight) {
        boolean starts = draft.state == JobState.STARTING && draft.anyPodStarted();
        if (starts) {
            draft.state = JobState.RUNNING;
            draft.startedAt = draft.now;
        }
        if (!draft.desired.isRun()) {
            if (!sight.isLive()) {
                draft.demandLook();
            }
            return;
        }
        PodRecord pod = mostUrgent().orElse(null);
        Waiting waiting = pod == null ? withoutPods(sight).orElse(null) : waiting(pod);
        if (draft.marks.endingSince() != null) {
            draft.waiting = waiting == null ? null : waiting.withoutVerdict();
            draft.nextCheckAt = earlier(draft.now.plus(rules.checks().deleting()), endingBound());
            return;
        }
        draft.waiting = waiting;
        Instant next = draft.now.plus(quietPeriod());
        Instant verdictAt = waiting == null ? null : waiting.verdictAt();
        if (waiting != null && verdictAt != null && !somePodWorks()) {
            if (!verdictAt.isAfter(draft.now)) {
                verdict(waiting, sight == Sight.LOOKED);
                return;
            }
            next = earlier(next, verdictAt);
        }
        if (draft.state == JobState.STARTING && draft.job.startTimeout() != null) {
            // before that nothing could start; the version before has not noted it
            Instant begin = draft.jobSeenAt == null ? draft.admittedAt : draft.jobSeenAt;
            Instant tooLate = started(begin).plus(draft.job.startTimeout());
            if (!tooLate.isAfter(draft.now)) {
                startTimedOut(waiting, sight == Sight.LOOKED);
                return;
            }
            next = earlier(next, tooLate);
        }
        if (!sight.isLive() && waiting != null && asksTheNodes(waiting)) {
            next = draft.now;
        }
        draft.nextCheckAt = sight.isLive() || starts ? next : earlier(next, draft.nextCheckAt);
    }

    /** Until when an end is waited for that is fixed. */
    abstract Instant endingBound();

    /** A watch does not compare pods with nodes: that takes a look. */
    private boolean asksTheNodes(Waiting waiting) {
        return waiting.waitClass() == WaitClass.WAITING_FOR_ROOM
                && waiting.since().equals(draft.now);
    }

    private void verdict(Waiting waiting, boolean sure) {
        Reason reason = waiting.waitClass().verdict();
        if (waiting.waitClass() == WaitClass.IMAGE_NAME_INVALID) {
            // the spec itself says so: no later look can be kinder
            end(JobState.FAILED, Reason.IMAGE_NAME_INVALID.name(), waiting.message(), mayHaveRun());
            draft.deleteRequestedAt = draft.now;
            draft.nextCheckAt = draft.now;
        } else if (!sure || reason == null) {
            lookFirst();
        } else {
            giveUp(reason, waiting.message());
        }
    }

    private void startTimedOut(@Nullable Waiting waiting, boolean live) {
        if (live) {
            giveUp(
                    Reason.START_TIMEOUT,
                    "it had not started in time; "
                            + (waiting == null ? stillDoing() : waiting.message()));
        } else {
            lookFirst();
        }
    }

    /** What no status calls trouble: a pull that takes its time looks like any other beginning. */
    private String stillDoing() {
        return draft.pods.values().stream()
                .filter(p -> !p.over() && !p.started())
                .findFirst()
                .map(p ->
                        p.node() == null
                                ? "pod " + p.name() + " has no node yet"
                                : "pod "
                                        + p.name()
                                        + " is on "
                                        + p.node()
                                        + (p.pulls() > 0
                                                ? ", which has begun to pull its image"
                                                : ""))
                .orElse("it has no pod yet");
    }

    void lookFirst() {
        draft.demandLook();
        draft.command(new Command.TakeLook());
    }

    private void giveUp(Reason reason, String message) {
        draft.desired = new Desired.Fail(reason, message);
        draft.note(line(reason.name(), message));
        if (draft.kubernetesUid != null) {
            commandGone(draft.kubernetesUid);
        }
    }

    /** The one whose verdict comes first; if none has one, the one that has waited longest. */
    private Optional<PodRecord> mostUrgent() {
        return draft.pods.values().stream()
                .filter(p -> p.waitsFor().isPresent())
                .min(
                        Comparator.comparing(
                                        (PodRecord p) -> waiting(p).verdictAt(),
                                        Comparator.nullsLast(Comparator.naturalOrder()))
                                .thenComparing(p -> started(p.classSince())));
    }

    private Waiting waiting(PodRecord pod) {
        return verdicts().of(pod, pod.waitsFor().orElseThrow());
    }

    /** What the Job's own events tell; a pod that lives says that they are old. */
    private Optional<Waiting> withoutPods(Sight sight) {
        Waiting before = draft.podsRefused();
        if (!noPodLives()) {
            return Optional.empty();
        }
        if (sight != Sight.LOOKED || look == null) {
            return Optional.ofNullable(before);
        }
        return StartClassifier.classify(look.events(), look.quotas())
                .map(told -> refused(told, before));
    }

    boolean noPodLives() {
        return draft.pods.values().stream().allMatch(PodRecord::over);
    }

    private Waiting refused(StartClassifier.Diagnosis told, @Nullable Waiting before) {
        Heard heard =
                Heard.again(
                        before == null ? null : before.heard(),
                        told.waitClass(),
                        told.told(),
                        draft.now);
        WaitClass waitClass = heard.isFresh(draft.now) ? told.waitClass() : WaitClass.PODS_REFUSED;
        return before != null && before.waitClass() == waitClass
                ? verdicts().of(waitClass, before.message(), before.since(), heard)
                : verdicts().of(waitClass, told.cause(), draft.now, heard);
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
        return new Verdicts(draft.job, rules.graces());
    }

    /** Jittered by the job's own id, so that what began together is not looked at together. */
    private Duration quietPeriod() {
        boolean told = draft.marks.changedSince() == null;
        Duration base =
                !told
                        ? rules.checks().starting()
                        : draft.state == JobState.RUNNING
                                ? rules.checks().running()
                                : whileStarting();
        long spread = base.toMillis() / 5;
        long jitter =
                spread == 0
                        ? 0
                        : Math.floorMod(draft.job.id().value().getLeastSignificantBits(), spread);
        return base.minusMillis(spread / 2).plusMillis(jitter);
    }

    /**
     * What has waited long is looked at less often: otherwise a full cluster, where all wait, would
     * be asked the more the less it can do.
     */
    private Duration whileStarting() {
        Instant admittedAt = draft.admittedAt;
        Duration half =
                admittedAt == null
                        ? Duration.ZERO
                        : Duration.between(admittedAt, draft.now).dividedBy(2);
        Duration most = Collections.min(List.of(half, rules.checks().running()));
        return Collections.max(List.of(most, rules.checks().starting()));
    }

    private static Instant started(@Nullable Instant at) {
        return at == null ? Instant.EPOCH : at;
    }

    static Instant earlier(Instant a, @Nullable Instant b) {
        return b == null || a.isBefore(b) ? a : b;
    }
}
