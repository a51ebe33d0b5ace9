package io.windlass.job;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * A job between admission and its end: it may have a Kubernetes Job, and whatever is seen may end
 * it.
 */
final class Live extends Withdrawing {
    private Evidence.Source source = Evidence.Source.CHECK;

    Live(Draft draft, Rules rules, UUID installation) {
        super(draft, rules, installation);
    }

    @Override
    Evidence.Source source() {
        return source;
    }

    void due() {
        if (draft.kubernetesUid != null) {
            draft.command(new Command.TakeLook());
        } else if (draft.claimActive()) {
            waitForTheClaim();
        } else if (!draft.desired.isRun() && draft.job.claim() == null && !takenOver()) {
            endWithoutAJob();
        } else if (draft.lookWantedAt != null && draft.trouble != null) {
            // a POST that came to no answer may have made it, and the next may have to wait
            draft.command(new Command.TakeLook());
        } else if (draft.postIsHeldBack()) {
            tryAgainAtThePost();
        } else if (draft.desired.isRun()) {
            draft.command(new Command.Create());
        } else {
            // a POST may still be on its way, however long its sender is frozen
            draft.command(new Command.Occupy());
        }
    }

    void created(JobSeen seen) {
        adopt(seen, "JobCreated");
        draft.nextCheckAt = null;
        present(seen, Sight.WATCHED);
    }

    /** It surely made nothing. */
    void createFailed(Input.CreateFailed failed) {
        draft.trouble = CallTrouble.ofPost(draft.trouble, draft.now, failed.retryAfter());
        tellOfTrouble(failed.message());
        tryAgainAtThePost();
    }

    /**
     * The next POST may have to wait; whether this one has made it is asked when its claim ends.
     */
    void createUnknown(String message) {
        draft.trouble = CallTrouble.ofPost(draft.trouble, draft.now, Duration.ZERO);
        tellOfTrouble(message);
        Claim claim = draft.job.claim();
        draft.demandLookAt(claim == null ? draft.now : claim.until());
    }

    void callFailed(Input.CallFailed failed) {
        if (draft.state == JobState.STARTING) {
            draft.trouble = CallTrouble.ofOtherCall(draft.trouble, draft.now);
            tellOfTrouble(failed.message());
        }
        tryAgainIn(failed.retryAfter());
    }

    private void tellOfTrouble(String message) {
        boolean nothingElse = draft.kubernetesUid == null || draft.waiting == null;
        boolean told = draft.trouble != null && draft.trouble.isTold();
        if (told && nothingElse && draft.desired.isRun()) {
            waitFor(WaitClass.CLUSTER_TROUBLE, message);
        }
    }

    private void tryAgainAtThePost() {
        CallTrouble trouble = draft.trouble;
        draft.nextCheckAt =
                trouble != null && trouble.holdsPostAt(draft.now)
                        ? trouble.nextPostAt()
                        : draft.now;
    }

    void nameTaken(JobSeen other) {
        if (draft.kubernetesUid != null) {
            draft.nextCheckAt = draft.now;
            return;
        }
        String text = "a Job that is not this one has the name " + other.name();
        end(JobState.FAILED, Reason.NAME_CONFLICT.name(), text, false);
        draft.settled = true;
        draft.nextCheckAt = null;
        draft.note(about(other, Reason.NAME_CONFLICT.name(), text, null));
    }

    void refused(Input.CreateRefused refused) {
        draft.trouble = null;
        if (!draft.desired.isRun()) {
            refusedToOccupy(refused.refusal() == Input.Refusal.SPEC_INVALID);
            return;
        }
        switch (refused.refusal()) {
            case SPEC_INVALID -> failUncreated(Reason.SPEC_INVALID, refused.message());
            case NAMESPACE_MISSING -> refusedFor(WaitClass.NAMESPACE_MISSING, refused.message());
            case REJECTED_BY_POLICY -> refusedFor(WaitClass.REJECTED_BY_POLICY, refused.message());
            case QUOTA_EXCEEDED -> refusedFor(WaitClass.QUOTA_EXCEEDED, refused.message());
            case NO_ROOM -> refusedFor(WaitClass.WAITING_FOR_ROOM, refused.message());
            case FORBIDDEN -> refusedFor(WaitClass.FORBIDDEN, refused.message());
        }
    }

    /** Tried again until the cause has stood for its grace, or for ever where it has none. */
    private void refusedFor(WaitClass waitClass, String message) {
        Waiting since = waitFor(waitClass, message);
        Instant verdictAt = since.verdictAt();
        Reason verdict = waitClass.verdict();
        if (verdictAt == null || verdict == null) {
            tryAgainIn(rules.checks().starting());
        } else if (verdictAt.isAfter(draft.now)) {
            tryAgainAt(earlier(draft.now.plus(rules.checks().deleting()), verdictAt));
        } else {
            failUncreated(verdict, since.message());
        }
    }

    private Waiting waitFor(WaitClass waitClass, String message) {
        Waiting waiting = draft.waiting;
        if (waiting == null || waiting.waitClass() != waitClass) {
            waiting = verdicts().of(waitClass, message, draft.now, null);
            draft.waiting = waiting;
            draft.note(line(waitClass.name(), message));
        }
        return waiting;
    }

    private void failUncreated(Reason reason, String message) {
        end(JobState.FAILED, reason.name(), message, false);
        draft.settled = true;
        draft.nextCheckAt = null;
    }

    void clusterLost(Input.ClusterLost lost) {
        source = Evidence.Source.API;
        endLost(lost);
    }

    void observed(JobSeen seen) {
        source = Evidence.Source.JOB_WATCH;
        if (stray(seen)) {
            deleteStray(seen);
        } else if (!foreign(seen) && seen.guard() > draft.guard) {
            adopt(seen, "JobFound");
            present(seen, Sight.WATCHED);
        }
    }

    /** From a watcher "gone" is a reason to look, unless what went had already ended. */
    void gone(JobSeen last) {
        source = Evidence.Source.JOB_WATCH;
        if (stray(last) || foreign(last)) {
            return;
        }
        adopt(last, "JobFound");
        if (!endedByCondition(last, true)) {
            draft.demandLook();
        }
    }

    void podObserved(PodSeen pod) {
        source = Evidence.Source.POD_WATCH;
        if (draft.kubernetesUid == null || pod.owner() == null) {
            draft.demandLook();
        } else if (counts(pod) && news(pod)) {
            record(pod);
            assess(Sight.WATCHED);
        }
    }

    /** Unless it is known to have no pods already. */
    void eventHeard(String uid) {
        source = Evidence.Source.POD_WATCH;
        boolean news = noPodLives() && draft.podsRefused() == null;
        if (uid.equals(draft.kubernetesUid) && news) {
            draft.demandLook();
        }
    }

    void looked(Input.Looked looked) {
        Look seenNow = looked.look();
        look = seenNow;
        draft.answered(looked.answers());
        record(seenNow);
        JobSeen seen = seenNow.job();
        if (seen == null) {
            absent();
        } else if (stray(seen)) {
            deleteStray(seen);
            absent();
        } else if (its(seen)) {
            adopt(seen, "JobFound");
            draft.guard = seen.guard();
            draft.trouble = null;
            present(seen, Sight.LOOKED);
        } else if (draft.kubernetesUid != null) {
            absent();
        } else if (draft.desired.isRun()) {
            nameTaken(seen);
        } else {
            // whoever comes late finds the name taken, though not by us
            endWithoutAJob();
        }
    }

    /**
     * A list may be seconds old when it is taken in: it is compared, and where it differs only a
     * look tells.
     */
    void listed(Input.Looked listed) {
        Look list = listed.look();
        JobSeen seen = list.job();
        if (isElsewhere(list)) {
            draft.foreign++;
            draft.demandLook();
        } else if (draft.kubernetesUid == null && seen != null) {
            observed(seen);
        } else if (seen == null || Drift.of(draft.job, list).isPresent()) {
            lookFirst();
        } else if (draft.desired.isRun()) {
            assess(Sight.LISTED);
        } else {
            draft.answered(listed.answers());
            wantGone(seen);
        }
    }

    private void present(JobSeen seen, Sight sight) {
        draft.guard = Math.max(draft.guard, seen.guard());
        draft.missingSince = null;
        noteWhetherItIsMarked(seen);
        if (endedByCondition(seen, sight == Sight.LOOKED)) {
            return;
        }
        if (concluded(seen, sight == Sight.LOOKED)) {
            return;
        }
        if (draft.desired.isRun()) {
            assess(sight);
        } else if (sight.isLive()) {
            wantGone(seen);
        } else {
            draft.demandLook();
        }
    }

    /** Somebody may have edited it: it is the same Job, but no watch tells of it. */
    private void noteWhetherItIsMarked(JobSeen seen) {
        if (ours(seen) == (draft.marks.changedSince() == null)) {
            return;
        }
        draft.marks = draft.marks.changedSince(ours(seen) ? null : draft.now);
        String text =
                ours(seen)
                        ? "its Job carries our labels and annotations again"
                        : "its Job does not carry our labels and annotations any more";
        draft.note(about(seen, "JobChanged", text, null));
    }

    /**
     * Conditions alone end a job, never counts. Why it has failed its pods tell, and they may be
     * told later: that takes a look at them, or that nothing is left to look at.
     */
    private boolean endedByCondition(JobSeen seen, boolean sure) {
        JobSeen.Condition complete = seen.condition("Complete").orElse(null);
        if (complete != null && (draft.desired.isRun() || seen.stoodBeforeDeletion(complete))) {
            draft.exitCode = 0;
            end(JobState.SUCCEEDED, null, null, true);
            draft.note(about(seen, "Complete", complete.message(), complete.reason()));
            return true;
        }
        JobSeen.Condition failed = seen.condition("Failed").orElse(null);
        if (failed == null || !draft.desired.isRun()) {
            return false;
        }
        if (!sure) {
            lookFirst();
            return true;
        }
        FailureReport report = FailureReport.of(draft.jobWithPods(), failed);
        draft.exitCode = report.exitCode();
        end(
                JobState.FAILED,
                report.reason().name(),
                report.message(),
                mayHaveRun() || report.exitCode() != null);
        draft.note(about(seen, report.reason().name(), report.message(), failed.message()));
        return true;
    }

    /** A GET answered 404. */
    @Override
    void absent() {
        podsWentUnseen();
        if (draft.kubernetesUid == null && draft.claimActive()) {
            waitForTheClaim();
        } else if (!draft.desired.isRun() && draft.kubernetesUid != null) {
            absentAsWanted();
        } else if (draft.kubernetesUid == null) {
            tryAgainAtThePost();
        } else if (draft.missingSince == null) {
            draft.missingSince = draft.now;
            draft.note(line("JobMissing", "the Job is not in the cluster"));
            tryAgainIn(rules.checks().goneConfirmation());
        } else if (draft.missingSince.plus(rules.checks().goneConfirmation()).isAfter(draft.now)) {
            draft.nextCheckAt = draft.missingSince.plus(rules.checks().goneConfirmation());
        } else {
            end(
                    JobState.FAILED,
                    Reason.JOB_DELETED.name(),
                    "its Kubernetes Job was deleted by somebody else before it ended",
                    mayHaveRun());
            draft.settled = true;
            draft.nextCheckAt = null;
        }
    }
}
