package io.windlass.simulator;

import io.windlass.job.Desired;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobState;
import io.windlass.job.PodRecord;
import io.windlass.job.Progress;
import io.windlass.job.Reason;
import io.windlass.job.Rules;
import io.windlass.job.WaitClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows what really happened, and so whether what is said is true: at every write, at every start
 * of a container, at every deletion, and when all is over.
 */
final class Oracle implements MemoryCluster.Witness {
    /** The grace is counted from the first sight, which is never before the fact. */
    private static final Duration NOT_MEASURED = Duration.ofMillis(1);

    private static final Set<String> HAS_ENDED = Set.of("Succeeded", "Failed", "Gone");

    /** What happened to one job in the cluster. */
    private static final class Truth {
        private final Map<String, Set<String>> uids = new HashMap<>();
        private int starts;
        private @Nullable Long waitsSince;
        private boolean completed;
        private boolean meddledWith;
    }

    private final World world;
    private final MemoryStore store;
    private final Map<JobId, Truth> truths = new HashMap<>();
    private final Map<JobId, Meant> meant = new HashMap<>();
    private final Map<String, JobId> keys = new HashMap<>();
    private final Set<JobId> cancelled = new HashSet<>();

    /** In whatever history: what is deleted of them late is nobody's work any more. */
    private final Set<JobId> ended = new HashSet<>();

    private final Set<String> strangersUids = new HashSet<>();

    /** Nobody can know of them. */
    private final Set<String> outOfSight = new HashSet<>();

    private final List<String> violations = new ArrayList<>();
    private final Promptness promptness;
    private final Set<String> madeBeforeTheDeclaration = new HashSet<>();
    private final LatePosts latePosts = new LatePosts();
    private String cluster = "the first";
    private boolean clusterLost;
    private Predicate<String> podLives = pod -> false;
    private Predicate<JobId> jobIsThere = job -> false;
    private Supplier<String> identity = () -> "";
    private boolean clusterRestored;
    private boolean databaseRestored;

    Oracle(World world, MemoryStore store) {
        this.world = world;
        this.store = store;
        this.promptness = new Promptness(world, store, this::violation);
    }

    void sees(MemoryCluster cluster) {
        podLives = cluster::lives;
        jobIsThere = id -> cluster.allJobs().containsKey(id);
        identity = cluster::identity;
    }

    Promptness promptness() {
        return promptness;
    }

    private void violation(String what) {
        violations.add("at %s: %s".formatted(Duration.ofNanos(world.nanos()), what));
    }

    List<String> violations() {
        return violations;
    }

    private Truth truth(JobId id) {
        return truths.computeIfAbsent(id, i -> new Truth());
    }

    // what clients were told

    void accepted(JobId id, Meant wanted) {
        JobId before = keys.putIfAbsent(wanted.key(), id);
        if (before != null && !before.equals(id)) {
            violation("%s made two jobs: %s and %s".formatted(wanted.key(), before, id));
        }
        meant.put(id, wanted);
    }

    void cancelAsked(JobId id) {
        cancelled.add(id);
    }

    // what happened

    void strangerCame(String uid) {
        strangersUids.add(uid);
    }

    void meddled(JobId id) {
        truth(id).meddledWith = true;
    }

    void clusterGoes() {
        latePosts.clusterGoes(world.instant());
    }

    /** From here on a Job may be made again. */
    void anotherClusterComes() {
        cluster = "another";
    }

    void clusterLost() {
        clusterLost = true;
    }

    /** A row that has settled looks for nothing, and a Job without labels is in no list. */
    void clusterRestored(List<MemoryJob> broughtBack) {
        clusterRestored = true;
        for (MemoryJob job : broughtBack) {
            boolean settled =
                    job.jobId()
                            .map(store::row)
                            .filter(row -> row.job().progress().settled())
                            .isPresent();
            if (job.unmarked && settled) {
                outOfSight.add(job.uid);
            }
        }
    }

    /** One history has ended: from here on nobody's work may be deleted, and that is all. */
    void databaseRestored() {
        databaseRestored = true;
    }

    private boolean excused(Truth truth) {
        return clusterRestored || databaseRestored || truth.meddledWith;
    }

    @Override
    public void made(MemoryJob job) {
        job.jobId()
                .ifPresent(id -> {
                    Truth truth = truth(id);
                    Set<String> uids = truth.uids.computeIfAbsent(cluster, c -> new HashSet<>());
                    uids.add(job.uid);
                    if (!clusterLost) {
                        madeBeforeTheDeclaration.add(job.uid);
                    }
                    latePosts.made(id, store.row(id), job, identity.get());
                    if (uids.size() > 1
                            && !keepsTheName(job, uids)
                            && !latePosts.hasMade(job.uid)
                            && !excused(truth)) {
                        violation("the Job of %s was made twice".formatted(id));
                    }
                });
    }

    /**
     * What a creator that thawed before the declaration made in the next cluster is deleted there,
     * and then the name is taken: what takes it runs nothing.
     */
    private boolean keepsTheName(MemoryJob job, Set<String> uids) {
        return clusterLost
                && job.suspended
                && uids.stream()
                        .allMatch(uid ->
                                uid.equals(job.uid) || madeBeforeTheDeclaration.contains(uid));
    }

    @Override
    public void waits(MemoryJob job, MemoryPod pod) {
        job.jobId()
                .ifPresent(id -> {
                    Truth truth = truth(id);
                    if (truth.waitsSince == null) {
                        truth.waitsSince = world.nanos();
                    }
                });
    }

    @Override
    public void started(MemoryJob job, MemoryPod pod) {
        job.jobId()
                .ifPresent(id -> {
                    Truth truth = truth(id);
                    truth.starts++;
                    truth.waitsSince = null;
                    MemoryStore.Row row = store.row(id);
                    if (row != null
                            && row.job().state().terminal()
                            && !mayThaw(row.job(), job)
                            && !latePosts.startsAfterAnAnswer(row.job(), job)
                            && !excused(truth)) {
                        violation(
                                "%s had ended, and starts again: %s"
                                        .formatted(id, row.job().progress()));
                    }
                });
    }

    /** Its cluster is lost, and its name was not taken in the next one when this was made. */
    private boolean mayThaw(Job job, MemoryJob made) {
        return job.identity().lost() != null
                && (!job.progress().settled() || madeBeforeTheDeclaration.contains(made.uid))
                && Boolean.TRUE.equals(job.progress().mayHaveRun());
    }

    @Override
    public void completed(MemoryJob job) {
        job.jobId().ifPresent(id -> truth(id).completed = true);
        tellIfWatched(job, "Complete");
    }

    @Override
    public void failed(MemoryJob job) {
        tellIfWatched(job, "Failed");
    }

    private void tellIfWatched(MemoryJob job, String condition) {
        if (!job.unmarked) {
            promptness.conditionTold(job, condition);
        }
    }

    @Override
    public void gone(MemoryJob job) {
        if (!job.unmarked) {
            promptness.gone(job);
        }
    }

    @Override
    public void deletedByUs(MemoryJob job) {
        if (strangersUids.contains(job.uid)) {
            violation("a stranger's Job was deleted: %s".formatted(job.name));
            return;
        }
        JobId id = job.jobId().orElse(null);
        MemoryStore.Row row = id == null ? null : store.row(id);
        boolean second = row != null && !job.uid.equals(row.job().progress().kubernetesUid());
        boolean ours = id != null && (second || ended.contains(id));
        if (!ours) {
            violation(
                    "work was deleted that its row still wants: %s %s: %s"
                            .formatted(job.name, job.uid, Objects.toString(row)));
        }
    }

    // what is said

    void written(MemoryStore.Row before, MemoryStore.Row after) {
        Job was = before.job();
        Job is = after.job();
        if (is.state().terminal() || !is.progress().desired().isRun()) {
            ended.add(is.id());
        }
        if (databaseRestored) {
            return;
        }
        promptness.waits(was, is);
        promptness.concludes(was, is);
        if (was.progress().desired().isRun()
                && is.progress().desired() instanceof Desired.Fail fail) {
            verdictIsTrue(is, Reason.valueOf(fail.reason()));
        }
        if (!was.state().terminal() && is.state().terminal()) {
            endIsTrue(is);
        }
        if (was.state().compareTo(is.state()) > 0) {
            violation("%s went back from %s to %s".formatted(is.id(), was.state(), is.state()));
        }
        if (is.version() > was.version() && !excused(truth(is.id()))) {
            podsAreTrue(was, is);
            nothingIsToldOfWhatIsGone(was, is);
        }
        if (is.version() > was.version() + 1) {
            violation("%s has a gap after version %s".formatted(is.id(), was.version()));
        }
    }

    /** Whoever reads a job's pods believes that these are gone, and that those run. */
    private void podsAreTrue(Job was, Job is) {
        boolean forgotten = latePosts.isForgotten(is, jobIsThere.test(is.id()));
        Map<String, PodRecord> before = new HashMap<>();
        was.pods().forEach(pod -> before.put(pod.uid(), pod));
        for (PodRecord pod : is.pods()) {
            PodRecord known = before.get(pod.uid());
            if (known == null || known.phase().equals(pod.phase())) {
                continue;
            }
            boolean lives = podLives.test(pod.uid());
            if (pod.phase().equals("Gone") && lives && !forgotten) {
                violation("%s is said to be gone, and lives: %s".formatted(pod.name(), is));
            }
            if (HAS_ENDED.contains(known.phase()) && !HAS_ENDED.contains(pod.phase()) && !lives) {
                violation("%s had ended, and is said to live: %s".formatted(pod.name(), is));
            }
        }
    }

    private void nothingIsToldOfWhatIsGone(Job was, Job is) {
        boolean told =
                was.progress().settled()
                        && was.pods().equals(is.pods())
                        && is.identity().lost() == null;
        int made = truth(is.id()).uids.values().stream().mapToInt(Set::size).sum();
        if (told && made < 2 && !jobIsThere.test(is.id())) {
            violation("%s has settled, and more is told of it: %s".formatted(is.id(), is));
        }
    }

    private void verdictIsTrue(Job job, Reason reason) {
        Truth truth = truth(job.id());
        Duration grace =
                switch (reason) {
                    case CONFIG_MISSING, IMAGE_NOT_FOUND, IMAGE_PULL_FAILED ->
                            Rules.Graces.DEFAULT.of(WaitClass.valueOf(reason.name())).orElseThrow();
                    default -> Duration.ZERO;
                };
        Long since = truth.waitsSince;
        boolean stood =
                truth.starts > 0
                        ? !job.pods().stream().anyMatch(p -> p.startedAt() != null)
                        : since != null
                                && world.nanos() - since >= grace.minus(NOT_MEASURED).toNanos();
        if (!stood && !excused(truth)) {
            violation("%s was given up for %s too soon".formatted(job.id(), reason));
        }
    }

    private void endIsTrue(Job job) {
        Truth truth = truth(job.id());
        Progress end = job.progress();
        @Nullable Meant wanted = meant.get(job.id());
        if (Boolean.FALSE.equals(end.mayHaveRun()) && truth.starts > 0 && !excused(truth)) {
            violation(
                    "%s did start, and says that it cannot have run: %s".formatted(job.id(), job));
        }
        boolean fits =
                switch (job.state()) {
                    case SUCCEEDED -> truth.completed;
                    case CANCELLED -> cancelled.contains(job.id());
                    case FAILED -> failureIsTrue(end, truth, wanted);
                    case QUEUED, STARTING, RUNNING -> false;
                };
        if (!fits) {
            violation(
                    "%s ended as %s; it was meant as %s"
                            .formatted(job.id(), end, Objects.toString(wanted)));
        }
    }

    private boolean failureIsTrue(Progress end, Truth truth, @Nullable Meant wanted) {
        String reason = Objects.requireNonNull(end.reason());
        if (wanted == null) {
            // its client does not know yet that it was accepted
            return true;
        }
        return switch (Reason.valueOf(reason)) {
            case EXIT_CODE ->
                    wanted.exitCode() > 0
                            && (end.exitCode() == null || end.exitCode() == wanted.exitCode());
            case BACKOFF_LIMIT_EXCEEDED -> wanted.exitCode() > 0 && wanted.retries() > 0;
            case CONFIG_MISSING ->
                    wanted.kind() == Meant.Kind.NO_SECRET
                            || wanted.kind() == Meant.Kind.LATE_SECRET;
            case IMAGE_NOT_FOUND -> wanted.kind() == Meant.Kind.NO_IMAGE;
            case DEADLINE_EXCEEDED -> wanted.timeout() > 0;
            case JOB_DELETED -> excused(truth);
            case NAME_CONFLICT -> !strangersUids.isEmpty();
            case CLUSTER_LOST -> clusterLost;
            default -> false;
        };
    }

    // when all is over

    void refused(List<String> refusals) {
        refusals.forEach(r -> violation("the schema had to refuse a row: %s".formatted(r)));
    }

    boolean allEnded(Predicate<Meant> these) {
        return store.rows().stream()
                .allMatch(row ->
                        row.job().state().terminal()
                                || !these.test(meant.getOrDefault(row.job().id(), Meant.NOT_TOLD)));
    }

    void haveEnded(Predicate<Meant> these) {
        meant.forEach((id, wanted) -> {
            MemoryStore.Row row = store.row(id);
            if (!these.test(wanted)) {
                return;
            }
            if (row == null) {
                violation("%s was accepted and is lost".formatted(id));
            } else if (!row.job().state().terminal()) {
                violation("%s (%s) does not end: %s".formatted(id, wanted, row.job()));
            }
        });
    }

    void nothingIsLeft(MemoryCluster cluster) {
        for (MemoryStore.Row row : store.rows()) {
            if (!row.job().progress().settled()) {
                violation("%s does not settle: %s".formatted(row.job().id(), row.job()));
            }
        }
        for (MemoryJob job : cluster.jobs()) {
            boolean forgotten = job.unmarked && latePosts.hasMade(job.uid);
            if (!strangersUids.contains(job.uid) && !outOfSight.contains(job.uid) && !forgotten) {
                MemoryStore.Row row = job.jobId().map(store::row).orElse(null);
                violation("Job %s %s is left in the cluster: %s".formatted(job.name, job.uid, row));
            }
        }
    }

    void theFeedIsWhole() {
        Map<JobId, Integer> versions = new HashMap<>();
        Map<JobId, JobState> states = new HashMap<>();
        long seq = 0;
        for (MemoryStore.Event event : store.feed()) {
            if (event.seq() != ++seq) {
                violation("the feed has a gap before %s".formatted(event));
            }
            Integer before = versions.put(event.jobId(), event.version());
            if (event.version() != (before == null ? 1 : before + 1)) {
                violation("the feed gives %s after version %s".formatted(event, before));
            }
            states.put(event.jobId(), event.to());
        }
        for (MemoryStore.Row row : store.rows()) {
            if (row.job().state() != states.get(row.job().id())) {
                violation("the feed does not know how %s stands".formatted(row.job().id()));
            }
        }
    }
}
