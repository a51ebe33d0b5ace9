package io.windlass.job;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * The end of a job that is not wanted any more: its Job is made to run nothing, its pods are waited
 * for, and then the end is written.
 */
abstract class Withdrawing extends Concluding {
    private static final Duration SUCCESS_IS_NEAR = Duration.ofSeconds(1);
    private static final Duration LAST_NEWS_IS_NEAR = Duration.ofSeconds(10);

    Withdrawing(Draft draft, Rules rules, UUID installation) {
        super(draft, rules, installation);
    }

    /** A GET answered 404. */
    abstract void absent();

    void cancel(String by) {
        if (draft.desired.isRun()) {
            draft.desired = new Desired.Cancel();
            draft.note(line("CancelRequested", "by " + by));
        }
        draft.demandLook();
    }

    void occupied(JobSeen seen) {
        if (draft.kubernetesUid != null || draft.desired.isRun()) {
            draft.nextCheckAt = draft.now;
            return;
        }
        endAsWanted();
        draft.kubernetesUid = seen.uid();
        draft.guard = seen.guard();
    }

    /**
     * What is refused to us for good is refused to whoever comes late. Another refusal passes, and
     * his POST may be taken: the name is tried for until a bound.
     */
    void refusedToOccupy(boolean forGood) {
        if (draft.deleteRequestedAt == null && !forGood) {
            draft.deleteRequestedAt = draft.now;
            draft.note(line("NameRefused", "its name is not taken yet: the Job is refused"));
        }
        if (forGood) {
            endWithoutAJob();
        } else if (waitedLongEnough()) {
            endWithoutAJob();
            draft.mayHaveRun = true;
        } else {
            tryAgainIn(rules.checks().deleting());
        }
    }

    void endWithoutAJob() {
        endAsWanted();
        draft.settled = true;
        draft.nextCheckAt = null;
    }

    void deleted(boolean gone) {
        if (gone) {
            absent();
        } else {
            goneWasAskedFor("DeleteRequested", "the Job is being deleted");
        }
    }

    void retired(boolean gone) {
        if (gone) {
            absent();
        } else {
            goneWasAskedFor("Suspended", "the Job is suspended, and its pods are being deleted");
        }
    }

    private void goneWasAskedFor(String reason, String message) {
        if (draft.deleteRequestedAt == null) {
            draft.deleteRequestedAt = draft.now;
            draft.note(line(reason, message));
        }
        tryAgainIn(rules.checks().deleting());
    }

    /**
     * The end of an intent: success is given its chance, then the Job is made to run nothing, then
     * the end is written.
     */
    void wantGone(JobSeen seen) {
        if (seen.deletionAt() != null && draft.deleteRequestedAt == null) {
            draft.deleteRequestedAt = draft.now;
            draft.note(line("DeleteRequested", "its Job is being deleted by somebody else"));
        }
        boolean success =
                seen.condition("SuccessCriteriaMet").filter(seen::stoodBeforeDeletion).isPresent();
        if ((success || podsSucceededLately()) && seen.deletionAt() == null) {
            tryAgainIn(untilSuccess());
        } else if (waitedLongEnough() && (seen.deletionAt() != null || takenOver())) {
            endAsWanted();
            draft.nextCheckAt = draft.now.plus(rules.checks().deleting());
            keepAnEyeOnPods();
        } else if (seen.deletionAt() == null && !retired(seen)) {
            commandGone(seen.uid());
        } else if (seen.deletionAt() == null
                && draft.pods.values().stream().allMatch(PodRecord::over)) {
            endAsWanted();
        } else {
            // who has asked for it may not have lived to say so: the bound is counted from here
            goneWasAskedFor("Suspended", "its Job runs nothing more, and its pods have not ended");
        }
    }

    private boolean podsSucceededLately() {
        Instant since = draft.marks.endingSince();
        return draft.deleteRequestedAt == null
                && since != null
                && since.plus(LAST_NEWS_IS_NEAR).isAfter(draft.now);
    }

    /** It comes within a second, or its pods hold it up. */
    private Duration untilSuccess() {
        Instant since = draft.marks.endingSince();
        boolean near = since == null || since.plus(LAST_NEWS_IS_NEAR).isAfter(draft.now);
        Duration often = near ? SUCCESS_IS_NEAR : rules.checks().deleting();
        Duration left = Duration.between(draft.now, endingBound());
        return left.compareTo(often) < 0 ? left : often;
    }

    private boolean waitedLongEnough() {
        return draft.deleteRequestedAt != null
                && !draft.deleteRequestedAt.plus(rules.checks().deletionBound()).isAfter(draft.now);
    }

    /** A pod's last state may still be on its way, and with it whether anything ran. */
    void absentAsWanted() {
        if ((draft.startedAt != null || draft.anyPodStarted()) || !someFateIsUnknown()) {
            endWithoutAJob();
        } else if (draft.missingSince == null) {
            draft.missingSince = draft.now;
            draft.note(line("JobGone", "whether its pods had started is not known yet"));
            tryAgainIn(LAST_NEWS_IS_NEAR);
        } else if (draft.missingSince.plus(LAST_NEWS_IS_NEAR).isAfter(draft.now)) {
            draft.nextCheckAt = draft.missingSince.plus(LAST_NEWS_IS_NEAR);
        } else {
            endWithoutAJob();
        }
    }

    private boolean retired(JobSeen seen) {
        return takenOver() && (seen.suspended() || seen.finished());
    }
}
