package io.windlass.job;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job as a decision sees it: what never changes, where it stands, what is known of its pods.
 *
 * @param waitsForConfig a missing Secret or ConfigMap is waited for, and never a failure
 * @param logsOpen it has ended, and somebody is still keeping what its pods wrote
 * @param identity of the cluster that its Job is in
 */
public record Job(
        JobId id,
        String cluster,
        String namespace,
        String name,
        String specHash,
        int maxRetries,
        int completions,
        @Nullable Duration startTimeout,
        boolean waitsForConfig,
        Instant submittedAt,
        int version,
        Progress progress,
        @Nullable Claim claim,
        int takeovers,
        List<PodRecord> pods,
        Surroundings surroundings,
        boolean logsOpen,
        ClusterIdentity identity) {

    public Job(
            JobId id,
            String cluster,
            String namespace,
            String name,
            String specHash,
            int maxRetries,
            int completions,
            @Nullable Duration startTimeout,
            boolean waitsForConfig,
            Instant submittedAt,
            int version,
            Progress progress,
            @Nullable Claim claim,
            int takeovers,
            List<PodRecord> pods,
            Surroundings surroundings,
            boolean logsOpen) {
        this(
                id,
                cluster,
                namespace,
                name,
                specHash,
                maxRetries,
                completions,
                startTimeout,
                waitsForConfig,
                submittedAt,
                version,
                progress,
                claim,
                takeovers,
                pods,
                surroundings,
                logsOpen,
                ClusterIdentity.NONE);
    }

    public JobState state() {
        return progress.state();
    }

    /** Whether the next thing to be done for it may be a POST. */
    public boolean mayPost(Instant now) {
        CallTrouble trouble = progress.trouble();
        boolean held =
                trouble != null && (progress.lookWantedAt() != null || trouble.holdsPostAt(now));
        boolean claimed = claim != null && claim.activeAt(now);
        boolean itsNameIsTaken = identity.isLost() && !progress.settled();
        return progress.kubernetesUid() == null
                && (progress.finishedAt() == null || itsNameIsTaken)
                && !claimed
                && !held;
    }

    /** As it stands once the decision is written. */
    public Job after(Decision decision) {
        Map<String, PodRecord> known = new LinkedHashMap<>();
        pods.forEach(pod -> known.put(pod.uid(), pod));
        decision.changedPods().forEach(pod -> known.put(pod.uid(), pod));
        return with(
                decision.evidence() == null ? version : version + 1,
                decision.next(),
                List.copyOf(known.values()));
    }

    /**
     * A pod that lives in the look was over already, or one that is not in it is younger: the look
     * may have begun before.
     */
    public boolean knowsMoreThan(Look look) {
        Map<String, PodSeen> found = new LinkedHashMap<>();
        look.pods().forEach(pod -> found.put(pod.uid(), pod));
        return pods.stream().anyMatch(known -> isNewsTo(found.get(known.uid()), known, look));
    }

    private static boolean isNewsTo(@Nullable PodSeen seen, PodRecord known, Look look) {
        return seen == null
                ? !known.over() && known.guard() > look.version()
                : !seen.over() && known.over();
    }

    public Job withPods(List<PodRecord> known) {
        return with(version, progress, List.copyOf(known));
    }

    /** As it is stored: by another version, with another claim. */
    public Job stored(
            int newVersion, Progress newProgress, @Nullable Claim newClaim, int newTakeovers) {
        return copy(newVersion, newProgress, newClaim, newTakeovers, pods, surroundings, logsOpen);
    }

    public Job amid(Surroundings others) {
        return copy(version, progress, claim, takeovers, pods, others, logsOpen);
    }

    /** Who writes our labels elsewhere, or under another name, tells nothing of this job. */
    public boolean hasItsPlace(JobSeen seen) {
        return seen.namespace().equals(namespace) && seen.name().equals(progress.kubernetesName());
    }

    /** It has its answer, and its Job was left in a cluster that was declared lost. */
    public boolean isLeftInALostCluster() {
        return progress.settled() && identity.isStillTheLostOne();
    }

    public Job in(ClusterIdentity other) {
        return new Job(
                id,
                cluster,
                namespace,
                name,
                specHash,
                maxRetries,
                completions,
                startTimeout,
                waitsForConfig,
                submittedAt,
                version,
                progress,
                claim,
                takeovers,
                pods,
                surroundings,
                logsOpen,
                other);
    }

    /** Somebody is still keeping what its pods wrote, or nobody is any more. */
    public Job withLogs(boolean open) {
        return copy(version, progress, claim, takeovers, pods, surroundings, open);
    }

    Job with(int newVersion, Progress newProgress, List<PodRecord> newPods) {
        return copy(newVersion, newProgress, claim, takeovers, newPods, surroundings, logsOpen);
    }

    private Job copy(
            int newVersion,
            Progress newProgress,
            @Nullable Claim newClaim,
            int newTakeovers,
            List<PodRecord> newPods,
            Surroundings newSurroundings,
            boolean newLogsOpen) {
        return new Job(
                id,
                cluster,
                namespace,
                name,
                specHash,
                maxRetries,
                completions,
                startTimeout,
                waitsForConfig,
                submittedAt,
                newVersion,
                newProgress,
                newClaim,
                newTakeovers,
                newPods,
                newSurroundings,
                newLogsOpen,
                identity);
    }
}
