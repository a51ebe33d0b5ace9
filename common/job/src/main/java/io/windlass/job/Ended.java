package io.windlass.job;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A job that has its answer: what is left is to clean up, and to note what still comes. */
final class Ended extends Observing {
    private static final Duration RAREST = Duration.ofMinutes(10);
    private Evidence.Source source = Evidence.Source.CHECK;

    Ended(Draft draft, Rules rules, UUID installation) {
        super(draft, rules, installation);
    }

    @Override
    Evidence.Source source() {
        return source;
    }

    static Duration keep(JobState state, Rules rules) {
        return switch (state) {
            case SUCCEEDED -> rules.cleanup().keepSucceeded();
            case FAILED -> rules.cleanup().keepFailed();
            case CANCELLED -> Duration.ZERO;
            case QUEUED, STARTING, RUNNING -> throw new IllegalArgumentException(state.name());
        };
    }

    void due() {
        if (draft.lookWantedAt != null && !isToTakeItsName()) {
            draft.command(new Command.TakeLook());
        } else if (draft.settled && draft.marks.podsRemainSince() == null) {
            draft.nextCheckAt = null;
        } else if (draft.kubernetesUid == null) {
            cleanUpUnknown();
        } else if (draft.marks.podsRemainSince() != null) {
            draft.command(new Command.EndPods(draft.kubernetesUid, rules.cleanup().podGrace()));
        } else if (draft.now.isBefore(removeAt())) {
            keepForNow();
        } else if (waitsForLogs(removeAt())) {
            tryAgainForLogs(removeAt());
        } else {
            draft.command(new Command.Remove(draft.kubernetesUid));
        }
    }

    /** Before that nobody knows in which cluster a look would be taken. */
    private boolean isToTakeItsName() {
        return draft.job.identity().isLost() && draft.kubernetesUid == null && !draft.settled;
    }

    private void cleanUpUnknown() {
        if (draft.claimActive()) {
            waitForTheClaim();
        } else if (draft.job.identity().isLost()) {
            // whoever comes late comes to the cluster that has the name now
            draft.command(new Command.Occupy());
        } else if (draft.job.claim() == null) {
            settle();
        } else {
            draft.command(new Command.TakeLook());
        }
    }

    /**
     * A frozen creator that thaws must meet this Job and not an empty place; its pods need not
     * stay.
     */
    private void keepForNow() {
        boolean atOnce = draft.job.identity().isLost() && draft.deleteRequestedAt != null;
        Instant podsGoAt = atOnce ? draft.now : finishedAt().plus(keep(draft.state, rules));
        if (!takenOver()) {
            draft.nextCheckAt = removeAt();
        } else if (draft.now.isBefore(podsGoAt)) {
            draft.nextCheckAt = podsGoAt;
        } else if (waitsForLogs(podsGoAt)) {
            tryAgainForLogs(podsGoAt);
        } else {
            draft.command(new Command.Retire(Objects.requireNonNull(draft.kubernetesUid)));
        }
    }

    /** With its pods what they wrote goes too. */
    private boolean waitsForLogs(Instant otherwise) {
        return draft.job.logsOpen()
                && draft.deleteRequestedAt == null
                && draft.now.isBefore(otherwise.plus(rules.cleanup().waitForLogs()));
    }

    /** Whoever keeps them says when they are kept; that it says so is not relied upon. */
    private void tryAgainForLogs(Instant otherwise) {
        tryAgainIn(rules.checks().deleting());
        Instant bound = otherwise.plus(rules.cleanup().waitForLogs());
        if (draft.nextCheckAt != null && draft.nextCheckAt.isAfter(bound)) {
            draft.nextCheckAt = bound;
        }
    }

    void retired(boolean gone) {
        if (gone) {
            settle();
        } else {
            draft.nextCheckAt = removeAt();
        }
    }

    private Instant removeAt() {
        if (takenOver()) {
            return finishedAt().plus(rules.cleanup().keepAfterTakeover());
        }
        return draft.deleteRequestedAt != null
                ? draft.deleteRequestedAt
                : finishedAt().plus(keep(draft.state, rules));
    }

    private Instant finishedAt() {
        return draft.finishedAt == null ? draft.now : draft.finishedAt;
    }

    /** Of a lost cluster's creator nobody knows where it has made it: the next look tells. */
    void createdLate(JobSeen seen) {
        if (draft.job.identity().isStillTheLostOne() && draft.kubernetesUid == null) {
            draft.nextCheckAt = draft.settled ? null : draft.now;
        } else {
            created(seen);
        }
    }

    void created(JobSeen seen) {
        if (draft.settled && seen.uid().equals(draft.kubernetesUid)) {
            // the answer to its POST was slower than all that became of it
            return;
        }
        adopt(seen, "JobCreated");
        draft.deleteRequestedAt = draft.now;
        draft.nextCheckAt = draft.now;
    }

    void deleted(boolean gone) {
        if (gone || draft.settled) {
            // the answer to a DELETE may be slower than all that became of it
            settle();
            return;
        }
        tryAgainIn(moreAndMoreRarely(removeAt()));
        boolean forLong = !removeAt().plus(rules.checks().deletionBound()).isAfter(draft.now);
        if (forLong) {
            waitFor(
                    WaitClass.JOB_REMAINS,
                    "its Job is deleted, and does not go: somebody's finalizer may hold it",
                    removeAt(),
                    null);
        }
    }

    /** What does not go for long is asked for less often. */
    private Duration moreAndMoreRarely(Instant since) {
        Duration half = Duration.between(since, draft.now).dividedBy(2);
        Duration most = half.compareTo(RAREST) < 0 ? half : RAREST;
        Duration least = rules.checks().deleting();
        return most.compareTo(least) < 0 ? least : most;
    }

    private void waitFor(
            WaitClass waitClass, String message, Instant since, @Nullable String object) {
        if (draft.waiting == null || draft.waiting.waitClass() != waitClass) {
            draft.waiting = new Waiting(waitClass, message, since, null, object, null);
            draft.note(line(waitClass.name(), message));
        }
    }

    private boolean noPodLives() {
        return draft.pods.values().stream().allMatch(PodRecord::over);
    }

    private void countPodsThatRemain(@Nullable Instant since) {
        if (since == null) {
            return;
        }
        List<PodRecord> remain = draft.pods.values().stream().filter(pod -> !pod.over()).toList();
        if (remain.isEmpty()) {
            draft.marks = draft.marks.podsRemainSince(null);
            draft.waiting = null;
            draft.nextCheckAt = draft.now;
            draft.note(line("PodsGone", "no pod of it is left that may run"));
            return;
        }
        PodRecord first = remain.getFirst();
        String node = first.node() == null ? null : "node " + first.node();
        waitFor(
                WaitClass.PODS_REMAIN,
                BoundedText.of(
                        "%d of its pods have not ended; %s on %s"
                                .formatted(remain.size(), first.name(), node)),
                since,
                node);
        tryAgainIn(moreAndMoreRarely(since));
    }

    void settle() {
        settle("its Job is gone from the cluster");
    }

    private void settle(String why) {
        if (!draft.settled) {
            draft.settled = true;
            draft.waiting = null;
            draft.marks = draft.marks.podsRemainSince(null);
            draft.nextCheckAt = null;
            draft.note(line("Settled", why));
        }
    }

    /** In a cluster that was just made its namespace, or its quota, may be yet to come. */
    void refused(Input.CreateRefused refused) {
        boolean forGood = refused.refusal() == Input.Refusal.SPEC_INVALID;
        Instant longEnough = finishedAt().plus(rules.cleanup().keepAfterTakeover());
        if (draft.job.identity().isLost() && !forGood && draft.now.isBefore(longEnough)) {
            tryAgainIn(rules.checks().starting());
        } else {
            settle();
        }
    }

    void clusterLost(Input.ClusterLost lost) {
        source = Evidence.Source.API;
        if (!draft.settled) {
            leaveTheLostCluster(lost);
            draft.tell(line(draft.settled ? "Settled" : "ClusterLost", told(lost)));
        }
    }

    void clusterFound(Input.ClusterFound found) {
        source = Evidence.Source.API;
        draft.tell(
                line(
                        "ClusterFound",
                        "cluster %s (%s) is there again, says %s; the answer stays"
                                .formatted(draft.job.cluster(), found.identity(), found.by())));
    }

    void observed(JobSeen seen) {
        source = Evidence.Source.JOB_WATCH;
        if (draft.job.identity().isStillTheLostOne()) {
            return;
        }
        if (stray(seen) || (draft.settled && draft.kubernetesUid == null && ours(seen))) {
            deleteStray(seen);
        } else if (draft.kubernetesUid == null && ours(seen)) {
            created(seen);
        }
    }

    void gone(JobSeen last) {
        source = Evidence.Source.JOB_WATCH;
        if (!draft.settled && last.uid().equals(draft.kubernetesUid)) {
            if (draft.now.isBefore(removeAt())) {
                draft.deleteRequestedAt = draft.now;
                draft.note(about(last, "JobGone", "its Job went before its time", null));
            }
            draft.nextCheckAt = draft.now;
        }
    }

    void podObserved(PodSeen pod) {
        source = Evidence.Source.POD_WATCH;
        if (counts(pod) && news(pod)) {
            record(pod);
        }
    }

    /**
     * Where a list differs it is time for a look: it may have been overtaken since. What was left
     * in a cluster that was lost is left alone.
     */
    void listed(Look list) {
        if (isElsewhere(list)) {
            draft.foreign++;
        } else if (!draft.job.isLeftInALostCluster() && Drift.of(draft.job, list).isPresent()) {
            draft.demandLook();
        }
    }

    void looked(Input.Looked looked) {
        Look look = looked.look();
        draft.answered(looked.answers());
        record(look);
        JobSeen seen = look.job();
        if (isToTakeItsName()) {
            nameLookedAt(seen);
        } else if (draft.job.isLeftInALostCluster()) {
            return;
        } else if (seen == null || !(its(seen) || stray(seen))) {
            draft.marks = draft.marks.podsRemainSince(null);
            settle();
        } else if (draft.settled && seen.deletionAt() == null) {
            // a cluster that was restored has it again
            deleteStray(seen);
        } else if (stray(seen)) {
            deleteStray(seen);
            settle();
        } else if (draft.kubernetesUid == null) {
            created(seen);
        } else if (draft.settled && draft.marks.podsRemainSince() == null && !noPodLives()) {
            // restored while it was being deleted: its pods may have a grace of years again
            draft.marks = draft.marks.podsRemainSince(draft.now);
            draft.nextCheckAt = draft.now;
            draft.note(line("PodsFound", "pods of it that may run are there again"));
        } else {
            countPodsThatRemain(draft.marks.podsRemainSince());
        }
    }

    /** The name was taken when we came to take it. */
    private void nameLookedAt(@Nullable JobSeen seen) {
        if (seen == null) {
            draft.nextCheckAt = draft.now;
        } else if (!ours(seen)) {
            settle("another has its name");
        } else if (draft.job.identity().isStillTheLostOne() && !seen.suspended()) {
            settle("its Job is left alone in the cluster that was lost");
        } else {
            created(seen);
        }
    }
}
