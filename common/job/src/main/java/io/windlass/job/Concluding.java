package io.windlass.job;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a Job will come to may be fixed long before it comes to it: pods on a node that stays away
 * do not go, nor do those with a long grace. They are waited for until a bound.
 */
abstract class Concluding extends Assessing {
    Concluding(Draft draft, Rules rules, UUID installation) {
        super(draft, rules, installation);
    }

    /** True where the bound is over, and so the end is written, or a look is taken for it. */
    boolean concluded(JobSeen seen, boolean sure) {
        boolean run = draft.desired.isRun();
        JobSeen.Condition success =
                seen.condition("SuccessCriteriaMet").filter(seen::stoodBeforeDeletion).orElse(null);
        JobSeen.Condition failure = run ? seen.condition("FailureTarget").orElse(null) : null;
        if (success == null && failure == null && !(run && seen.deletionAt() != null)) {
            markSuccessOfPods(seen, sure);
            return false;
        }
        if (draft.marks.endingSince() == null) {
            draft.marks = draft.marks.endingSince(draft.now);
            draft.note(announced(seen, success != null ? success : failure));
        }
        if (endingBound().isAfter(draft.now)) {
            return false;
        }
        if (!sure) {
            lookFirst();
            return true;
        }
        if (success != null) {
            draft.exitCode = 0;
            end(JobState.SUCCEEDED, null, null, true);
            draft.note(about(seen, "SuccessCriteriaMet", unfinished(), success.message()));
        } else if (failure != null) {
            FailureReport report = FailureReport.of(draft.jobWithPods(), failure);
            draft.exitCode = report.exitCode();
            end(JobState.FAILED, report.reason().name(), report.message(), true);
            draft.note(about(seen, report.reason().name(), unfinished(), failure.message()));
        } else {
            String text = "its Kubernetes Job was deleted by somebody else before it ended";
            end(JobState.FAILED, Reason.JOB_DELETED.name(), text, true);
            draft.note(about(seen, Reason.JOB_DELETED.name(), unfinished(), null));
        }
        keepAnEyeOnPods();
        return true;
    }

    /**
     * All that its Job wants has succeeded before we ended anything: its Job will say so soon. Only
     * a look knows all pods.
     */
    private void markSuccessOfPods(JobSeen seen, boolean sure) {
        boolean maySucceed =
                !draft.desired.isRun()
                        && draft.deleteRequestedAt == null
                        && seen.deletionAt() == null;
        if (maySucceed && !sure) {
            return;
        }
        if (!maySucceed || succeededPods() < draft.job.completions()) {
            draft.marks = draft.marks.endingSince(null);
        } else if (draft.marks.endingSince() == null) {
            draft.marks = draft.marks.endingSince(draft.now);
        }
    }

    private long succeededPods() {
        return draft.pods.values().stream()
                .filter(pod -> pod.attempt() == draft.attempt && pod.phase().equals("Succeeded"))
                .count();
    }

    /** An answer that did not wait for its pods. */
    void keepAnEyeOnPods() {
        if (!noPodLives()) {
            draft.marks = draft.marks.podsRemainSince(draft.now);
            draft.nextCheckAt = draft.now;
        }
    }

    private Evidence announced(JobSeen seen, JobSeen.@Nullable Condition target) {
        return target == null
                ? about(seen, "JobDeleting", "its Job is being deleted by somebody else", null)
                : about(seen, target.type(), target.message(), target.reason());
    }

    private String unfinished() {
        Duration bound = rules.checks().deletionBound();
        return "its pods have not ended " + bound.toSeconds() + " s after that was fixed";
    }

    @Override
    Instant endingBound() {
        Instant since = draft.marks.endingSince();
        return (since == null ? draft.now : since).plus(rules.checks().deletionBound());
    }
}
