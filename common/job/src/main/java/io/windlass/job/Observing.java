package io.windlass.job;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What live and ended jobs share: whose object it is, and what its pods showed. */
abstract class Observing {
    final Draft draft;
    final Rules rules;
    private final String installation;

    Observing(Draft draft, Rules rules, UUID installation) {
        this.draft = draft;
        this.rules = rules;
        this.installation = installation.toString();
    }

    void tryAgainIn(Duration delay) {
        draft.nextCheckAt = draft.now.plus(delay);
    }

    void tryAgainAt(Instant at) {
        draft.nextCheckAt = at;
    }

    /** A POST that may yet take effect is waited for until its claim is over. */
    void waitForTheClaim() {
        Claim claim = draft.job.claim();
        draft.nextCheckAt = claim == null ? draft.now : claim.until();
    }

    /**
     * Installation, job, attempt and the hash of the stored spec; a rendered object proves nothing.
     */
    boolean ours(JobSeen seen) {
        JobSeen.Owner owner = seen.owner();
        return owner != null
                && inItsPlace(seen)
                && owner.installation().equals(installation)
                && owner.jobId().equals(draft.job.id().toString())
                && owner.attempt() == draft.attempt
                && owner.specHash().equals(draft.job.specHash());
    }

    private boolean inItsPlace(JobSeen seen) {
        return draft.job.hasItsPlace(seen);
    }

    /** A list goes by labels; a look alone goes by the job's own name. */
    boolean isElsewhere(Look look) {
        return look.job() != null && !inItsPlace(look.job());
    }

    /** A Job that says it is this one's, and is not. */
    boolean foreign(JobSeen seen) {
        boolean foreign = !its(seen) && !stray(seen);
        draft.foreign += foreign ? 1 : 0;
        return foreign;
    }

    /**
     * A pod counts by the Job that controls it. While that is not known, or not told, it is only a
     * reason to look.
     */
    boolean counts(PodSeen pod) {
        PodSeen.Owner owner = pod.owner();
        if (draft.kubernetesUid == null || owner == null) {
            return false;
        }
        boolean counts = owner.equals(itself(draft.kubernetesUid));
        draft.foreign += counts ? 0 : 1;
        return counts;
    }

    private PodSeen.Owner itself(String uid) {
        return new PodSeen.Owner(draft.job.namespace(), uid);
    }

    /**
     * By its uid once that is known, whatever became of its labels; before, by what only our own
     * creation carries.
     */
    boolean its(JobSeen seen) {
        return draft.kubernetesUid == null ? ours(seen) : draft.kubernetesUid.equals(seen.uid());
    }

    /** A Job of ours that is not the row's: nobody waits for it, so it goes. */
    boolean stray(JobSeen seen) {
        return draft.kubernetesUid != null
                && !Objects.equals(draft.kubernetesUid, seen.uid())
                && ours(seen);
    }

    void deleteStray(JobSeen seen) {
        draft.command(new Command.DeleteStray(seen.uid()));
        draft.note(about(seen, "StrayFound", "a second Job under the same name is deleted", null));
    }

    /**
     * Whose claim was taken over may thaw with its POST still to come: the name must stay taken.
     */
    boolean takenOver() {
        return draft.job.takeovers() > 0;
    }

    /**
     * Its Job is out of reach for good. A creator that thaws may still come, to another cluster.
     */
    void leaveTheLostCluster(Input.ClusterLost lost) {
        boolean posted = draft.kubernetesUid != null && !seenAfter(lost.heardAt());
        boolean mayThaw = takenOver() || (!posted && draft.job.claim() != null);
        draft.settled = !mayThaw;
        draft.nextCheckAt = null;
        draft.lookWantedAt = null;
        if (mayThaw) {
            draft.kubernetesUid = null;
            draft.guard = 0;
            draft.deleteRequestedAt = null;
            draft.nextCheckAt = draft.now;
        } else {
            draft.waiting = null;
            draft.marks = draft.marks.podsRemainSince(null);
        }
    }

    /** Then it may have been made in another cluster under the same address. */
    private boolean seenAfter(Instant heardAt) {
        return draft.jobSeenAt != null && draft.jobSeenAt.isAfter(heardAt);
    }

    String told(Input.ClusterLost lost) {
        return "cluster %s (%s) was declared lost by %s"
                .formatted(draft.job.cluster(), lost.identity(), lost.by());
    }

    void commandGone(String uid) {
        draft.command(takenOver() ? new Command.Retire(uid) : new Command.Delete(uid));
    }

    void adopt(JobSeen seen, String how) {
        if (draft.kubernetesUid == null) {
            draft.kubernetesUid = seen.uid();
            draft.jobSeenAt = draft.now;
            // a name that was refused is no Job that was asked to go
            draft.deleteRequestedAt = null;
            draft.trouble = null;
            draft.note(about(seen, how, "Job " + seen.name(), null));
        }
    }

    /**
     * Older than what was seen of the same pod tells nothing; a live look always does. Events do
     * not change their pod: with them the same pod may tell more.
     */
    boolean news(PodSeen pod) {
        PodRecord known = draft.pods.get(pod.uid());
        return known == null
                || pod.guard() > known.guard()
                || (pod.guard() == known.guard() && !pod.told().equals(PodSeen.Told.NOTHING));
    }

    /**
     * By a watch: what a live look has missed is not there again because somebody tells it late.
     */
    void record(PodSeen pod) {
        PodRecord known = draft.pods.get(pod.uid());
        PodRecord next = seen(pod, known);
        record(pod, known != null && known.isGone() && !pod.over() ? next.gone() : next, known);
    }

    private void record(PodSeen pod, PodRecord next, @Nullable PodRecord known) {
        draft.record(next);
        if (known == null || !known.sameButForGuard(next)) {
            draft.note(about(pod, next, known));
        }
        if (next.started() && (known == null || !known.started())) {
            draft.started(pod);
        }
    }

    private PodRecord seen(PodSeen pod, @Nullable PodRecord known) {
        return (known == null ? PodRecord.first(pod) : known).seen(pod, draft.now);
    }

    /** What a live look does not show any more is gone, and holds nothing back. */
    void record(Look look) {
        List<PodSeen> own = own(look);
        draft.foreign += look.pods().size() - own.size();
        for (PodSeen pod : own) {
            PodRecord known = draft.pods.get(pod.uid());
            record(pod, seen(pod, known), known);
        }
        goneBut(own.stream().map(PodSeen::uid).collect(Collectors.toSet()));
    }

    private List<PodSeen> own(Look look) {
        JobSeen job = look.job();
        return job == null || !its(job)
                ? List.of()
                : look.pods().stream()
                        .filter(pod -> itself(job.uid()).equals(pod.owner()))
                        .toList();
    }

    /** They go before their Job, so where that is gone they are. */
    void podsWentUnseen() {
        goneBut(Set.of());
    }

    private void goneBut(Set<String> found) {
        for (PodRecord known : List.copyOf(draft.pods.values())) {
            if (!found.contains(known.uid()) && !known.over()) {
                draft.record(known.gone());
                draft.note(line("PodGone", "pod " + known.name() + " is not in the cluster"));
            }
        }
    }

    Evidence about(JobSeen seen, String reason, String message, @Nullable String raw) {
        return new Evidence(
                reason,
                BoundedText.of(message),
                source(),
                "Job",
                seen.name(),
                seen.uid(),
                seen.guard(),
                raw == null ? null : BoundedText.of(raw));
    }

    private Evidence about(PodSeen pod, PodRecord next, @Nullable PodRecord known) {
        boolean newlyStarted = next.started() && (known == null || !known.started());
        String reason =
                next.over()
                        ? "PodEnded"
                        : next.waitClass() != null
                                ? "PodWaits"
                                : newlyStarted ? "PodStarted" : "PodSeen";
        String message =
                next.waitClass() != null
                        ? next.waitClass() + ": " + next.cause()
                        : next.exitCode() != null ? "exit code " + next.exitCode() : pod.phase();
        return new Evidence(
                reason,
                BoundedText.of(message),
                source(),
                "Pod",
                pod.name(),
                pod.uid(),
                pod.guard(),
                next.message());
    }

    Evidence line(String reason, String message) {
        return new Evidence(
                reason, BoundedText.of(message), source(), null, null, null, null, null);
    }

    abstract Evidence.Source source();
}
