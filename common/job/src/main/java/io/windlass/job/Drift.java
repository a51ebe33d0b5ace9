package io.windlass.job;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How the cluster, as a list of all shows it, differs from what the rows say. */
public enum Drift {
    /** A Job says it is ours, and no row knows it. */
    UNKNOWN_JOB,
    /** A row waits for its Job, and no list has it. */
    MISSING_JOB,
    /** Another Job than the row's stands under its name. */
    OTHER_JOB,
    /** A Job is there, and its row does not know of it. */
    JOB_NOT_NOTED,
    /** A Job has ended, and its row waits for that. */
    END_NOT_NOTED,
    /** Pods have come, started, ended or gone, and the row does not say so. */
    PODS,
    /** A Job is there whose row says that nothing of it is left. */
    LEFT_OVER,
    /**
     * A Job is there whose cluster was declared lost, and found again: it is left alone, since its
     * row has its answer.
     */
    LEFT_ALONE;

    /**
     * Empty also where the row knows what is younger than the list. What only bears a job's labels,
     * and stands in another place, is as good as nothing.
     */
    public static Optional<Drift> of(Job row, Look list) {
        JobSeen seen = list.job();
        Progress progress = row.progress();
        if (seen == null || !row.hasItsPlace(seen)) {
            boolean awaited = !row.state().terminal() && progress.kubernetesUid() != null;
            return awaited ? Optional.of(MISSING_JOB) : Optional.empty();
        }
        if (progress.settled()) {
            return isLeftOver(row, list, seen) ? Optional.of(LEFT_OVER) : Optional.empty();
        }
        if (progress.kubernetesUid() == null) {
            return Optional.of(JOB_NOT_NOTED);
        }
        if (!progress.kubernetesUid().equals(seen.uid())) {
            return Optional.of(OTHER_JOB);
        }
        boolean endAwaited = !row.state().terminal() && progress.desired().isRun();
        if (endAwaited && seen.finished()) {
            return Optional.of(END_NOT_NOTED);
        }
        return podsDiffer(row, list) ? Optional.of(PODS) : Optional.empty();
    }

    /** Also where it goes, and its pods may run for as long as their grace lasts. */
    private static boolean isLeftOver(Job row, Look list, JobSeen seen) {
        return seen.deletionAt() == null
                || (seen.uid().equals(row.progress().kubernetesUid())
                        && row.progress().marks().podsRemainSince() == null
                        && !list.pods().stream().allMatch(PodSeen::over));
    }

    private static boolean podsDiffer(Job row, Look list) {
        Map<String, PodRecord> known = new HashMap<>();
        row.pods().forEach(pod -> known.put(pod.uid(), pod));
        for (PodSeen pod : list.pods()) {
            PodRecord record = known.remove(pod.uid());
            if (record == null ? pod.attempt() == row.progress().attempt() : differs(record, pod)) {
                return true;
            }
        }
        return known.values().stream()
                .anyMatch(pod -> !pod.over() && pod.guard() <= list.version());
    }

    private static boolean differs(PodRecord known, PodSeen pod) {
        return known.guard() <= pod.guard()
                && (known.over() != pod.over()
                        || (!known.started() && pod.startedAt().isPresent()));
    }
}
