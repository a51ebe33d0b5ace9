package io.windlass.job;

/** A job that waits for admission: nothing of it is in a cluster yet. */
final class Queued {
    private Queued() {}

    static void admit(Draft draft) {
        if (!draft.desired.isRun()) {
            due(draft);
            return;
        }
        draft.state = JobState.STARTING;
        draft.attempt = 1;
        draft.kubernetesName =
                JobIdentity.kubernetesName(draft.job.name(), draft.job.id(), draft.attempt);
        draft.admittedAt = draft.now;
        draft.nextCheckAt = draft.now;
        draft.note(line("Admitted", "there is room for it", Evidence.Source.ADMISSION));
    }

    /**
     * The first telling writes the intent, as the web tier does; the second, by its message, the
     * end.
     */
    static void cancel(Draft draft, String by) {
        if (draft.desired.isRun()) {
            draft.desired = new Desired.Cancel();
            draft.nextCheckAt = draft.now;
            draft.note(line("CancelRequested", "by " + by, Evidence.Source.API));
        } else {
            due(draft);
        }
    }

    static void due(Draft draft) {
        draft.nextCheckAt = null;
        if (draft.desired.isRun()) {
            return;
        }
        draft.state = JobState.CANCELLED;
        draft.message = "cancelled while it was queued";
        draft.mayHaveRun = false;
        draft.finishedAt = draft.now;
        draft.settled = true;
        draft.note(line("Cancelled", draft.message, Evidence.Source.CHECK));
    }

    private static Evidence line(String reason, String message, Evidence.Source source) {
        return new Evidence(reason, message, source, null, null, null, null, null);
    }
}
