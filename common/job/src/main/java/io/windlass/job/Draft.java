package io.windlass.job;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A decision in the making: the job's progress, open to change, and what is to be done. */
final class Draft {
    final Job job;
    final Instant now;
    final Map<String, PodRecord> pods = new LinkedHashMap<>();
    private final Map<String, PodRecord> changedPods = new LinkedHashMap<>();
    private final List<Command> commands = new ArrayList<>();
    private final Set<String> startedImages = new HashSet<>();

    /** Objects that bear the job's labels, and are not its. */
    int foreign;

    private @Nullable Evidence evidence;
    private boolean told;

    JobState state;
    Desired desired;
    @Nullable String reason;
    @Nullable String message;
    @Nullable Integer exitCode;
    @Nullable Boolean mayHaveRun;
    int attempt;
    @Nullable String kubernetesName;
    @Nullable String kubernetesUid;
    long guard;
    @Nullable Instant missingSince;
    @Nullable Instant deleteRequestedAt;
    boolean settled;
    @Nullable Instant admittedAt;
    @Nullable Instant jobSeenAt;
    @Nullable Instant startedAt;
    @Nullable Instant finishedAt;
    @Nullable Waiting waiting;
    @Nullable Instant nextCheckAt;
    @Nullable Instant lookWantedAt;
    Marks marks;
    @Nullable CallTrouble trouble;

    Draft(Job job, Instant now) {
        this.job = job;
        this.now = now;
        job.pods().forEach(pod -> pods.put(pod.uid(), pod));
        Progress p = job.progress();
        state = p.state();
        desired = p.desired();
        reason = p.reason();
        message = p.message();
        exitCode = p.exitCode();
        mayHaveRun = p.mayHaveRun();
        attempt = p.attempt();
        kubernetesName = p.kubernetesName();
        kubernetesUid = p.kubernetesUid();
        guard = p.guard();
        missingSince = p.missingSince();
        deleteRequestedAt = p.deleteRequestedAt();
        settled = p.settled();
        admittedAt = p.admittedAt();
        jobSeenAt = p.jobSeenAt();
        startedAt = p.startedAt();
        finishedAt = p.finishedAt();
        waiting = p.waiting();
        nextCheckAt = p.nextCheckAt();
        lookWantedAt = p.lookWantedAt();
        marks = p.marks();
        trouble = p.trouble();
    }

    /** Why its Job has no pods, where the Job's own events have told it. */
    @Nullable Waiting podsRefused() {
        return waiting != null && waiting.heard() != null ? waiting : null;
    }

    /** A command makes the job due: whoever dies before it is done, somebody will do it. */
    void command(Command command) {
        commands.add(command);
        if (!(command instanceof Command.DeleteStray)) {
            nextCheckAt = now;
        }
    }

    /**
     * What was told can only be decided by a look: whatever else comes, that is not forgotten. The
     * version before knows the routine timer alone.
     */
    void demandLook() {
        lookWantedAt = Assessing.earlier(now, lookWantedAt);
        nextCheckAt = now;
    }

    /** As {@link #demandLook}, but not before that. */
    void demandLookAt(Instant at) {
        lookWantedAt = Assessing.earlier(at, lookWantedAt);
        nextCheckAt = at;
    }

    boolean postIsHeldBack() {
        return trouble != null && trouble.holdsPostAt(now);
    }

    /** Only the demand that its job had when the look began: a later one needs a later look. */
    void answered(@Nullable Instant demand) {
        if (demand != null && demand.equals(lookWantedAt)) {
            lookWantedAt = null;
        }
    }

    /** The last note of a decision is its line of history. */
    void note(Evidence line) {
        evidence = line;
    }

    /** A line of history though nothing changes by it. */
    void tell(Evidence line) {
        evidence = line;
        told = true;
    }

    void record(PodRecord pod) {
        PodRecord known = pods.put(pod.uid(), pod);
        if (known == null || !known.sameButForGuard(pod)) {
            changedPods.put(pod.uid(), pod);
        }
    }

    void started(PodSeen pod) {
        pod.containers().stream()
                .filter(container -> container.startedAt() != null)
                .map(PodSeen.ContainerSeen::image)
                .filter(image -> !image.isEmpty())
                .forEach(startedImages::add);
    }

    /** The job with the pods as they are now known: what a failure's report is made from. */
    Job jobWithPods() {
        return job.with(job.version(), progress(), List.copyOf(pods.values()));
    }

    boolean claimActive() {
        return job.claim() != null && job.claim().activeAt(now);
    }

    boolean anyPodStarted() {
        return pods.values().stream().anyMatch(PodRecord::started);
    }

    Decision decision(Evidence.Source source) {
        Progress next = progress();
        boolean changed = told || next.differsFrom(job.progress()) || !changedPods.isEmpty();
        Evidence line =
                evidence != null
                        ? evidence
                        : new Evidence("Observed", "", source, null, null, null, null, null);
        return new Decision(
                next,
                List.copyOf(changedPods.values()),
                List.copyOf(commands),
                changed ? line : null,
                Set.copyOf(startedImages),
                foreign);
    }

    private Progress progress() {
        boolean ends = state.terminal() && !job.state().terminal();
        Instant wanted = ends ? null : lookWantedAt;
        Instant routine = wanted == null ? nextCheckAt : Assessing.earlier(wanted, nextCheckAt);
        return new Progress(
                state,
                desired,
                reason,
                message,
                exitCode,
                mayHaveRun,
                attempt,
                kubernetesName,
                kubernetesUid,
                guard,
                missingSince,
                deleteRequestedAt,
                settled,
                admittedAt,
                jobSeenAt,
                startedAt,
                finishedAt,
                waiting,
                routine,
                wanted,
                marks,
                state.terminal() ? null : trouble);
    }
}
