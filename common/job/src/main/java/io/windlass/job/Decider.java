package io.windlass.job;

import java.time.Instant;
import java.util.UUID;

/**
 * What becomes of a job when something is told about it. Pure and total: messages, admission and
 * the sweep all come here. The switches have no default, so a new input does not compile until each
 * state has an answer to it.
 */
public final class Decider {
    private final Rules rules;
    private final UUID installation;

    public Decider(Rules rules, UUID installation) {
        this.rules = rules;
        this.installation = installation;
    }

    public Decision decide(Job job, Input input, Instant now) {
        Draft draft = new Draft(job, now);
        switch (job.state()) {
            case QUEUED -> queued(draft, input);
            case STARTING, RUNNING -> live(new Live(draft, rules, installation), input);
            case SUCCEEDED, FAILED, CANCELLED ->
                    ended(new Ended(draft, rules, installation), input);
        }
        return draft.decision(source(input));
    }

    private static void queued(Draft draft, Input input) {
        switch (input) {
            case Input.Admitted admitted -> Queued.admit(draft);
            case Input.CancelRequested request -> Queued.cancel(draft, request.by());
            case Input.Due due -> Queued.due(draft);
            case Input.Created created -> {}
            case Input.NameTaken taken -> {}
            case Input.CreateRefused refused -> {}
            case Input.CreateFailed failed -> {}
            case Input.CreateUnknown unknown -> {}
            case Input.ClaimLost lost -> {}
            case Input.Deleted deleted -> {}
            case Input.Retired retired -> {}
            case Input.Occupied occupied -> {}
            case Input.CallFailed failed -> {}
            case Input.JobObserved observed -> {}
            case Input.JobGone gone -> {}
            case Input.PodObserved observed -> {}
            case Input.JobEventHeard heard -> {}
            case Input.Looked looked -> {}
            case Input.ClusterLost lost -> {}
            case Input.ClusterFound found -> {}
        }
    }

    private static void live(Live live, Input input) {
        switch (input) {
            case Input.Admitted admitted -> {}
            case Input.CancelRequested request -> live.cancel(request.by());
            case Input.Due due -> live.due();
            case Input.Created created -> live.created(created.job());
            case Input.NameTaken taken -> live.nameTaken(taken.other());
            case Input.CreateRefused refused -> live.refused(refused);
            case Input.CreateFailed failed -> live.createFailed(failed);
            case Input.CreateUnknown unknown -> live.createUnknown(unknown.message());
            case Input.ClaimLost lost -> live.tryAgainAt(lost.until());
            case Input.Deleted deleted -> live.deleted(deleted.gone());
            case Input.Retired retired -> live.retired(retired.gone());
            case Input.Occupied occupied -> live.occupied(occupied.job());
            case Input.CallFailed failed -> live.callFailed(failed);
            case Input.JobObserved observed -> live.observed(observed.job());
            case Input.JobGone gone -> live.gone(gone.last());
            case Input.PodObserved observed -> live.podObserved(observed.pod());
            case Input.JobEventHeard heard -> live.eventHeard(heard.uid());
            case Input.Looked looked when looked.look().whole() -> live.looked(looked);
            case Input.Looked looked -> live.listed(looked);
            case Input.ClusterLost lost -> live.clusterLost(lost);
            case Input.ClusterFound found -> {}
        }
    }

    private static void ended(Ended ended, Input input) {
        switch (input) {
            case Input.Admitted admitted -> {}
            case Input.CancelRequested request -> {}
            case Input.Due due -> ended.due();
            case Input.Created created -> ended.createdLate(created.job());
            case Input.NameTaken taken -> ended.settle();
            case Input.CreateRefused refused -> ended.refused(refused);
            case Input.CreateFailed failed -> ended.tryAgainIn(failed.retryAfter());
            case Input.CreateUnknown unknown -> ended.waitForTheClaim();
            case Input.ClaimLost lost -> ended.tryAgainAt(lost.until());
            case Input.Deleted deleted -> ended.deleted(deleted.gone());
            case Input.Retired retired -> ended.retired(retired.gone());
            case Input.Occupied occupied -> ended.created(occupied.job());
            case Input.CallFailed failed -> ended.tryAgainIn(failed.retryAfter());
            case Input.JobObserved observed -> ended.observed(observed.job());
            case Input.JobGone gone -> ended.gone(gone.last());
            case Input.PodObserved observed -> ended.podObserved(observed.pod());
            case Input.JobEventHeard heard -> {}
            case Input.Looked looked when looked.look().whole() -> ended.looked(looked);
            case Input.Looked looked -> ended.listed(looked.look());
            case Input.ClusterLost lost -> ended.clusterLost(lost);
            case Input.ClusterFound found -> ended.clusterFound(found);
        }
    }

    private static Evidence.Source source(Input input) {
        return switch (input) {
            case Input.Admitted admitted -> Evidence.Source.ADMISSION;
            case Input.CancelRequested request -> Evidence.Source.API;
            case Input.ClusterLost lost -> Evidence.Source.API;
            case Input.ClusterFound found -> Evidence.Source.API;
            case Input.JobObserved observed -> Evidence.Source.JOB_WATCH;
            case Input.JobGone gone -> Evidence.Source.JOB_WATCH;
            case Input.PodObserved observed -> Evidence.Source.POD_WATCH;
            case Input.JobEventHeard heard -> Evidence.Source.POD_WATCH;
            case Input.Due due -> Evidence.Source.CHECK;
            case Input.Created created -> Evidence.Source.CHECK;
            case Input.NameTaken taken -> Evidence.Source.CHECK;
            case Input.CreateRefused refused -> Evidence.Source.CHECK;
            case Input.CreateFailed failed -> Evidence.Source.CHECK;
            case Input.CreateUnknown unknown -> Evidence.Source.CHECK;
            case Input.ClaimLost lost -> Evidence.Source.CHECK;
            case Input.Deleted deleted -> Evidence.Source.CHECK;
            case Input.Retired retired -> Evidence.Source.CHECK;
            case Input.Occupied occupied -> Evidence.Source.CHECK;
            case Input.CallFailed failed -> Evidence.Source.CHECK;
            case Input.Looked looked -> Evidence.Source.CHECK;
        };
    }
}
