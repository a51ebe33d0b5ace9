package io.windlass.job;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes the one final answer, with what is known of whether anything ran. */
abstract class Answering extends Observing {
    Answering(Draft draft, Rules rules, UUID installation) {
        super(draft, rules, installation);
    }

    void endAsWanted() {
        switch (draft.desired) {
            case Desired.Run run -> throw new IllegalStateException("nothing else is wanted");
            case Desired.Cancel cancel -> {
                end(JobState.CANCELLED, null, "cancelled", mayHaveRun());
                draft.note(line("Cancelled", "its Job is gone"));
            }
            case Desired.Fail fail -> {
                end(JobState.FAILED, fail.reason(), fail.message(), mayHaveRun());
                draft.note(line(fail.reason(), fail.message()));
            }
        }
    }

    void end(
            JobState state, @Nullable String reason, @Nullable String message, boolean mayHaveRun) {
        draft.state = state;
        draft.reason = reason;
        draft.message = message == null ? null : BoundedText.of(message);
        draft.mayHaveRun = mayHaveRun;
        draft.finishedAt = draft.now;
        draft.waiting = null;
        if (draft.startedAt == null && draft.anyPodStarted()) {
            draft.startedAt = draft.now;
        }
        draft.nextCheckAt = draft.now.plus(Ended.keep(state, rules));
        draft.note(line(reason == null ? state.name() : reason, message == null ? "" : message));
    }

    /** Nobody can say any more what became of it, but where no creator ever began. */
    void endLost(Input.ClusterLost lost) {
        String told = told(lost);
        boolean begun = draft.kubernetesUid != null || draft.job.claim() != null || takenOver();
        switch (draft.desired) {
            case Desired.Run run -> endLost(told, begun);
            case Desired.Cancel cancel -> {
                end(JobState.CANCELLED, null, "cancelled; " + told, begun);
                draft.note(line("Cancelled", told));
            }
            case Desired.Fail fail ->
                    endLost(
                            "%s; it was about to fail: %s: %s"
                                    .formatted(told, fail.reason(), fail.message()),
                            begun);
        }
        leaveTheLostCluster(lost);
    }

    private void endLost(String told, boolean mayHaveRun) {
        end(JobState.FAILED, Reason.CLUSTER_LOST.name(), told, mayHaveRun);
    }

    /** True unless it is known that no container started. */
    boolean mayHaveRun() {
        if (draft.startedAt != null || draft.anyPodStarted()) {
            return true;
        }
        if (draft.kubernetesUid == null) {
            return false;
        }
        if (draft.pods.isEmpty()) {
            // its Job has said that no pod of it was ever taken
            return draft.podsRefused() == null;
        }
        return someFateIsUnknown()
                || draft.pods.values().stream()
                        .anyMatch(p -> !p.over() && p.waitClass() == null && p.node() != null);
    }

    boolean someFateIsUnknown() {
        return draft.pods.values().stream().anyMatch(PodRecord::fateUnknown);
    }
}
