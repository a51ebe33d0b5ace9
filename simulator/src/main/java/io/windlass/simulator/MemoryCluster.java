package io.windlass.simulator;

import io.windlass.cluster.Cluster;
import io.windlass.job.JobId;
import io.windlass.job.JobIdentity;
import io.windlass.job.JobSeen;
import io.windlass.job.Look;
import io.windlass.job.PodSeen;
import io.windlass.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A cluster in memory: what the API server answers, and what the Job controller and a kubelet do,
 * each in its own time. It passes the tests that a real one passes.
 */
final class MemoryCluster implements Cluster {
    /** Does something after a while. */
    interface Later {
        void after(Duration delay, Runnable what);
    }

    /** Told of what really happens: nobody else knows. */
    interface Witness {
        Witness NONE = new Witness() {};

        default void made(MemoryJob job) {}

        default void waits(MemoryJob job, MemoryPod pod) {}

        default void started(MemoryJob job, MemoryPod pod) {}

        default void completed(MemoryJob job) {}

        default void failed(MemoryJob job) {}

        default void gone(MemoryJob job) {}

        /** Before it is marked, or is gone. */
        default void deletedByUs(MemoryJob job) {}
    }

    /** A line of what a watch tells. */
    record Change(@Nullable JobSeen job, @Nullable PodSeen pod, JobId jobId, boolean gone) {}

    private static final Duration LONG = Duration.ofSeconds(30);

    private final UUID installation;
    private final InstantSource clock;
    private final Later later;
    private final SplittableRandom random;
    private final Supplier<Duration> pace;
    private final Witness witness;
    private final FarNode far = new FarNode();
    private String identity;
    private boolean away;
    private final Set<String> secrets = new HashSet<>();
    private final List<Change> changes = new ArrayList<>();
    private Runnable toldOfChange = () -> {};
    private Map<String, MemoryJob> jobs = new LinkedHashMap<>();
    private long version = 100;
    private int history;

    MemoryCluster(
            UUID installation,
            InstantSource clock,
            Later later,
            SplittableRandom random,
            Supplier<Duration> pace,
            Witness witness) {
        this.installation = installation;
        this.clock = clock;
        this.later = later;
        this.random = random;
        this.pace = pace;
        this.witness = witness;
        this.identity = uid();
    }

    private String uid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }

    // what the API server answers

    @Override
    public Creation create(String namespace, Map<String, @Nullable Object> manifest) {
        Map<String, @Nullable Object> metadata = Json.asObject(manifest.get("metadata"));
        String name = String.valueOf(metadata.get("name"));
        if (jobs.containsKey(key(namespace, name))) {
            return new Creation.Exists();
        }
        Map<String, @Nullable Object> spec = Json.asObject(manifest.get("spec"));
        MemoryJob job =
                new MemoryJob(
                        namespace,
                        name,
                        uid(),
                        owner(metadata),
                        Script.of(manifest),
                        Boolean.TRUE.equals(spec.get("suspend")),
                        clock.instant());
        jobs.put(key(namespace, name), job);
        changed(job);
        watchDeadline(job);
        witness.made(job);
        return new Creation.Made(job.seen());
    }

    private static JobSeen.@Nullable Owner owner(Map<String, @Nullable Object> metadata) {
        Map<String, @Nullable Object> labels = Json.asObject(metadata.get("labels"));
        Object jobId = labels.get(JobIdentity.JOB_ID);
        return jobId == null
                ? null
                : new JobSeen.Owner(
                        String.valueOf(labels.get(JobIdentity.INSTALLATION)),
                        String.valueOf(jobId),
                        Integer.parseInt(String.valueOf(labels.get(JobIdentity.ATTEMPT))),
                        String.valueOf(
                                Json.asObject(metadata.get("annotations"))
                                        .get(JobIdentity.SPEC_HASH)));
    }

    @Override
    public boolean delete(String namespace, String name, String uid) {
        MemoryJob job = find(namespace, name, uid);
        if (job == null) {
            return true;
        }
        if (job.deletionAt == null) {
            witness.deletedByUs(job);
            delete(job);
        }
        return false;
    }

    @Override
    public boolean remove(String namespace, String name, String uid) {
        MemoryJob job = find(namespace, name, uid);
        if (job == null) {
            return true;
        }
        if (job.deletionAt != null) {
            return false;
        }
        witness.deletedByUs(job);
        job.deletionAt = clock.instant();
        for (MemoryPod pod : job.pods) {
            pod.deletionAt = clock.instant();
            pod.guard = ++version;
            tell(job, pod, true);
        }
        job.pods.clear();
        gone(job);
        return true;
    }

    private void gone(MemoryJob job) {
        jobs.remove(key(job.namespace, job.name));
        witness.gone(job);
        job.guard = ++version;
        tell(job, null, true);
    }

    private void delete(MemoryJob job) {
        job.deletionAt = clock.instant();
        changed(job);
    }

    @Override
    public boolean suspend(String namespace, String name, String uid) {
        MemoryJob job = find(namespace, name, uid);
        if (job == null) {
            return true;
        }
        if (!job.suspended) {
            job.suspended = true;
            changed(job);
        }
        return false;
    }

    @Override
    public void deleteEndedPods(String namespace, JobId jobId) {
        for (MemoryJob job : List.copyOf(jobs.values())) {
            if (job.namespace.equals(namespace) && owned(job, jobId)) {
                for (MemoryPod pod : List.copyOf(job.pods)) {
                    if (pod.over() && pod.deletionAt == null) {
                        pod.deletionAt = clock.instant();
                        changed(job, pod);
                    }
                }
            }
        }
    }

    @Override
    public void endPods(String namespace, JobId jobId, String uid, Duration grace) {
        for (MemoryJob job : List.copyOf(jobs.values())) {
            if (job.uid.equals(uid) && owned(job, jobId)) {
                for (MemoryPod pod : job.pods.stream().filter(p -> !p.over()).toList()) {
                    if (pod.deletionAt == null) {
                        pod.grace = grace;
                    }
                    terminate(job, pod);
                    live(job.uid, pod.uid);
                }
            }
        }
    }

    private boolean owned(MemoryJob job, JobId jobId) {
        return job.owner != null
                && job.owner.installation().equals(installation.toString())
                && job.owner.jobId().equals(jobId.toString());
    }

    @Override
    public Look look(String namespace, String name, JobId jobId) {
        return job(namespace, name).map(job -> pods().look(job, jobId)).orElse(Look.NOTHING);
    }

    @Override
    public Map<JobId, Look> lookAtAll() {
        return pods().all(allJobs());
    }

    /** A GET. */
    Optional<JobSeen> job(String namespace, String name) {
        return Optional.ofNullable(jobs.get(key(namespace, name))).map(MemoryJob::seen);
    }

    /** A list of all that are ours. */
    Map<JobId, JobSeen> allJobs() {
        Map<JobId, JobSeen> seen = new LinkedHashMap<>();
        for (MemoryJob job : jobs.values()) {
            job.jobId()
                    .filter(id -> owned(job, id) && !job.unmarked)
                    .ifPresent(id -> seen.put(id, job.seen()));
        }
        return seen;
    }

    /** A list of all pods that are ours. */
    PodList pods() {
        Map<JobId, List<PodSeen>> seen = new LinkedHashMap<>();
        for (MemoryJob job : jobs.values()) {
            job.jobId()
                    .filter(id -> owned(job, id))
                    .ifPresent(id -> seen.put(id, job.pods.stream().map(MemoryPod::seen).toList()));
        }
        return new PodList(seen, version);
    }

    /** Pods as they were at one moment, for Jobs as they were at another. */
    record PodList(Map<JobId, List<PodSeen>> pods, long version) {
        Look look(JobSeen job, JobId id) {
            return new Look(job, of(id), true, List.of(), Map.of(), version);
        }

        private List<PodSeen> of(JobId id) {
            return pods.getOrDefault(id, List.of());
        }

        Map<JobId, Look> all(Map<JobId, JobSeen> jobs) {
            Map<JobId, Look> looks = new LinkedHashMap<>();
            jobs.forEach((id, job) -> looks.put(id, Look.listed(job, of(id), version)));
            return looks;
        }
    }

    boolean lives(String podUid) {
        return jobs.values().stream()
                .flatMap(job -> job.pods.stream())
                .anyMatch(pod -> pod.uid.equals(podUid) && !pod.over());
    }

    @Override
    public String identity() {
        return identity;
    }

    private @Nullable MemoryJob find(String namespace, String name, String uid) {
        MemoryJob job = jobs.get(key(namespace, name));
        return job == null || !job.uid.equals(uid) ? null : job;
    }

    /** Nothing of it is ever seen again. */
    void goForGood() {
        away = true;
        jobs = new LinkedHashMap<>();
    }

    boolean away() {
        return away;
    }

    /** Under the same address. */
    void anotherComes() {
        away = false;
        identity = uid();
        history++;
        toldOfChange.run();
    }

    // what others do

    void makeSecret(String namespace, String name) {
        secrets.add(key(namespace, name));
    }

    /** Somebody with kubectl. */
    void deleteBySomebodyElse(MemoryJob job) {
        delete(job);
    }

    /** Its pods keep theirs; to a watch of ours it is gone. */
    void takeOurLabelsOff(MemoryJob job) {
        if (!job.unmarked) {
            job.guard = ++version;
            tell(job, null, true);
            job.unmarked = true;
        }
    }

    void evict(MemoryJob job, MemoryPod pod) {
        if (!pod.over() && pod.deletionAt == null && pod.startedAt != null) {
            pod.disrupted = true;
            terminate(job, pod);
        }
    }

    void farNodeOpens() {
        far.opens();
    }

    void farNodeGoes() {
        far.goes();
        later.after(
                FarNode.TOLERATED,
                () ->
                        jobs.values()
                                .forEach(job ->
                                        job.pods.stream()
                                                .filter(far::holds)
                                                .forEach(pod -> terminateDisrupted(job, pod))));
    }

    private void terminateDisrupted(MemoryJob job, MemoryPod pod) {
        if (pod.deletionAt == null) {
            pod.disrupted = true;
            terminate(job, pod);
        }
    }

    void farNodeComesBack() {
        far.comesBack();
        for (MemoryJob job : jobs.values()) {
            job.pods.stream().filter(far::has).forEach(pod -> live(job.uid, pod.uid));
        }
    }

    List<MemoryJob> jobs() {
        return List.copyOf(jobs.values());
    }

    Runnable snapshot() {
        Map<String, MemoryJob> then = copy(jobs);
        long versionThen = version;
        return () -> {
            jobs = copy(then);
            version = versionThen;
            history++;
            for (MemoryJob job : jobs.values()) {
                sync(job.uid);
                watchDeadline(job);
                job.pods.forEach(pod -> live(job.uid, pod.uid));
            }
        };
    }

    private static Map<String, MemoryJob> copy(Map<String, MemoryJob> jobs) {
        Map<String, MemoryJob> copy = new LinkedHashMap<>();
        jobs.forEach((key, job) -> copy.put(key, job.copy()));
        return copy;
    }

    // watches

    /** Another number is another history: whoever followed the old one must list. */
    int history() {
        return history;
    }

    List<Change> changes() {
        return changes;
    }

    void whenChanged(Runnable then) {
        toldOfChange = then;
    }

    private void changed(MemoryJob job) {
        job.guard = ++version;
        tell(job, null, false);
        sync(job.uid);
    }

    private void changed(MemoryJob job, MemoryPod pod) {
        pod.guard = ++version;
        tell(job, pod, false);
        sync(job.uid);
    }

    private void tell(MemoryJob job, @Nullable MemoryPod pod, boolean gone) {
        job.jobId()
                .filter(id -> owned(job, id) && (pod != null || !job.unmarked))
                .ifPresent(id ->
                        changes.add(
                                new Change(
                                        pod == null ? job.seen() : null,
                                        pod == null ? null : pod.seen(),
                                        id,
                                        gone)));
        toldOfChange.run();
    }

    // the Job controller

    private void sync(String uid) {
        later.after(pace.get(), () -> byUid(uid, this::control));
    }

    private void watchDeadline(MemoryJob job) {
        job.script.deadline().ifPresent(deadline -> later.after(deadline, () -> sync(job.uid)));
    }

    private void byUid(String uid, Consumer<MemoryJob> work) {
        jobs.values().stream().filter(j -> j.uid.equals(uid)).findFirst().ifPresent(work);
    }

    private void control(MemoryJob job) {
        count(job);
        sweepGonePods(job);
        if (job.deletionAt != null) {
            job.pods.forEach(pod -> terminate(job, pod));
            if (job.pods.isEmpty()) {
                gone(job);
            }
            return;
        }
        if (job.finished()) {
            return;
        }
        boolean active = job.pods.stream().anyMatch(pod -> !pod.over());
        if (job.has("SuccessCriteriaMet") || job.has("FailureTarget")) {
            terminateActive(job);
            if (!active) {
                finish(job);
            }
        } else if (!job.suspended && job.isPastItsDeadline(clock.instant())) {
            condition(job, "FailureTarget", "DeadlineExceeded");
        } else if (job.succeeded) {
            condition(job, "SuccessCriteriaMet", "CompletionsReached");
        } else if (job.failedForGood) {
            condition(job, "FailureTarget", "PodFailurePolicy");
        } else if (job.failures > job.script.backoffLimit()) {
            condition(job, "FailureTarget", "BackoffLimitExceeded");
        } else if (job.suspended) {
            terminateActive(job);
            if (!job.has("Suspended")) {
                condition(job, "Suspended", "JobSuspended");
            }
        } else if (!active) {
            makePod(job);
        }
    }

    private void terminateActive(MemoryJob job) {
        job.pods.stream().filter(pod -> !pod.over()).forEach(pod -> terminate(job, pod));
    }

    private static void count(MemoryJob job) {
        for (MemoryPod pod : job.pods) {
            if (!pod.over() || pod.counted) {
                continue;
            }
            pod.counted = true;
            if (pod.phase.equals("Succeeded")) {
                job.succeeded = true;
            } else if (!pod.disrupted) {
                job.failures++;
                job.failedForGood |=
                        job.script.exitIsFinal() && pod.ended != null && pod.ended.exitCode() != 0;
            }
        }
    }

    private void sweepGonePods(MemoryJob job) {
        for (MemoryPod pod : List.copyOf(job.pods)) {
            if (pod.over() && pod.deletionAt != null) {
                job.pods.remove(pod);
                pod.guard = ++version;
                tell(job, pod, true);
            }
        }
    }

    private void finish(MemoryJob job) {
        if (job.has("SuccessCriteriaMet")) {
            witness.completed(job);
            condition(job, "Complete", "CompletionsReached");
        } else {
            String why =
                    job.conditions.stream()
                            .filter(c -> c.type().equals("FailureTarget"))
                            .findFirst()
                            .orElseThrow()
                            .reason();
            witness.failed(job);
            condition(job, "Failed", why);
        }
    }

    private void condition(MemoryJob job, String type, String reason) {
        job.conditions.add(
                new JobSeen.Condition(type, true, reason, message(job, reason), clock.instant()));
        changed(job);
    }

    private static String message(MemoryJob job, String reason) {
        return reason.equals("PodFailurePolicy")
                ? "Container main failed with exit code %d matching FailJob rule"
                        .formatted(job.script.exitCode())
                : reason;
    }

    private void makePod(MemoryJob job) {
        int attempt = job.owner == null ? 1 : job.owner.attempt();
        MemoryPod pod =
                new MemoryPod(
                        uid(),
                        job.name + "-" + job.pods.size(),
                        attempt,
                        new PodSeen.Owner(job.namespace, job.uid));
        job.pods.add(pod);
        changed(job, pod);
        live(job.uid, pod.uid);
    }

    // a kubelet

    private void live(String jobUid, String podUid) {
        later.after(
                pace.get(),
                () ->
                        byUid(
                                jobUid,
                                job ->
                                        job.pods.stream()
                                                .filter(p -> p.uid.equals(podUid))
                                                .findFirst()
                                                .ifPresent(pod -> advance(job, pod))));
    }

    private void advance(MemoryJob job, MemoryPod pod) {
        if (pod.over() || far.holds(pod)) {
            return;
        }
        if (pod.deletionAt != null && ignoresItsDeletion(job, pod)) {
            return;
        }
        if (pod.deletionAt != null) {
            // a trap may make any signal a success
            end(job, pod, pod.startedAt == null ? -1 : random.nextInt(3) == 0 ? 0 : 143);
        } else if (pod.node == null) {
            pod.node = far.nodeFor(job.script);
            changed(job, pod);
            live(job.uid, pod.uid);
        } else if (pod.startedAt != null) {
            end(job, pod, job.script.exitCode());
        } else if (!job.script.imageIsThere()) {
            pod.pulls = 2;
            waits(job, pod, "ErrImagePull", "image: not found");
        } else if (missingSecret(job)) {
            waits(
                    job,
                    pod,
                    "CreateContainerConfigError",
                    "secret \"" + job.script.secret().orElseThrow() + "\" not found");
            later.after(Duration.ofSeconds(1).plus(pace.get()), () -> live(job.uid, pod.uid));
        } else {
            pod.phase = "Running";
            pod.waiting = null;
            pod.startedAt = clock.instant();
            witness.started(job, pod);
            changed(job, pod);
            later.after(job.script.runs(), () -> live(job.uid, pod.uid));
        }
    }

    /** A program that ignores SIGTERM: once its kubelet waits, it waits for all of the grace. */
    private boolean ignoresItsDeletion(MemoryJob job, MemoryPod pod) {
        Duration grace = pod.grace == null ? job.script.grace() : pod.grace;
        Instant killed = Objects.requireNonNull(pod.deletionAt).plus(grace);
        boolean ignores =
                pod.startedAt != null
                        && grace.compareTo(LONG) > 0
                        && clock.instant().isBefore(killed);
        if (ignores) {
            later.after(Duration.between(clock.instant(), killed), () -> live(job.uid, pod.uid));
        }
        return ignores;
    }

    private boolean missingSecret(MemoryJob job) {
        return job.script.secret().isPresent()
                && !secrets.contains(key(job.namespace, job.script.secret().get()));
    }

    private void waits(MemoryJob job, MemoryPod pod, String reason, String message) {
        if (pod.waiting == null) {
            pod.waiting = new PodSeen.Waiting(reason, message);
            witness.waits(job, pod);
            changed(job, pod);
        }
    }

    private void terminate(MemoryJob job, MemoryPod pod) {
        if (pod.deletionAt == null) {
            pod.deletionAt = clock.instant();
            changed(job, pod);
            live(job.uid, pod.uid);
        }
    }

    /** A code below 0: it never ran. */
    private void end(MemoryJob job, MemoryPod pod, int code) {
        pod.phase = code == 0 ? "Succeeded" : "Failed";
        pod.waiting = null;
        if (code >= 0) {
            pod.ended = new PodSeen.Ended(code, code == 0 ? "Completed" : "Error", "");
        }
        changed(job, pod);
    }
}
