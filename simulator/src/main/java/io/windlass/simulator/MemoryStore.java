package io.windlass.simulator;

import io.windlass.job.CallTrouble;
import io.windlass.job.Claim;
import io.windlass.job.ClusterIdentity;
import io.windlass.job.DecidingPods;
import io.windlass.job.Evidence;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobState;
import io.windlass.job.PodRecord;
import io.windlass.job.Progress;
import io.windlass.job.Shares;
import io.windlass.job.Surroundings;
import io.windlass.job.Waiting;
import io.windlass.json.Json;
import io.windlass.store.Checks;
import io.windlass.store.Heartbeats;
import io.windlass.store.Losses;
import io.windlass.store.NewJob;
import io.windlass.store.Progressions;
import io.windlass.store.Sequencing;
import io.windlass.store.Submissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The database in memory: every call is one serializable transaction. It refuses what the schema
 * refuses, and passes the tests that PostgreSQL passes.
 */
final class MemoryStore implements Progressions, Checks, Submissions, Sequencing, Heartbeats {
    private static final Duration PRIORITY_STEP = Duration.ofMinutes(10);
    private static final Duration SET_ASIDE = Duration.ofMinutes(1);

    /** A row of every table that knows the job. */
    record Row(NewJob submitted, Job job, Instant rank) {
        private Row with(Job changed) {
            return new Row(submitted, changed, rank);
        }
    }

    /** A line of history; its place in the feed once it has one. */
    record Event(JobId jobId, int version, JobState to, String reason, long seq) {}

    private record Key(String caller, String namespace, String key) {}

    /** The schema would not have taken this row. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    private final InstantSource clock;
    private TreeMap<JobId, Row> rows = new TreeMap<>();
    private Map<Key, NewJob> keys = new HashMap<>();
    private List<Event> unsequenced = new ArrayList<>();
    private List<Event> feed = new ArrayList<>();
    private final Map<String, String> identities = new HashMap<>();
    private final MemoryLosses losses;
    private BiConsumer<Row, Row> listener = (before, after) -> {};
    private Consumer<String> refusals = refusal -> {};
    private Consumer<Instant> due = at -> {};

    MemoryStore(InstantSource clock) {
        this.clock = clock;
        this.losses = new MemoryLosses(this);
    }

    MemoryLosses losses() {
        return losses;
    }

    void moved(JobId id, ClusterIdentity identity) {
        rows.computeIfPresent(id, (same, row) -> row.with(row.job().in(identity)));
    }

    @Nullable String known(String cluster) {
        return identities.get(cluster);
    }

    /** Told of every row as it was and as it is, and of what was refused. */
    void listen(BiConsumer<Row, Row> everyWrite, Consumer<String> everyRefusal) {
        listener = everyWrite;
        refusals = everyRefusal;
    }

    /** Told of the time at which a row is due, whenever that changes. */
    void whenDue(Consumer<Instant> then) {
        due = then;
    }

    Collection<Row> rows() {
        return rows.values();
    }

    @Nullable Row row(JobId id) {
        return rows.get(id);
    }

    List<Event> feed() {
        return feed;
    }

    boolean allSequenced() {
        return unsequenced.isEmpty();
    }

    /** What a backup holds. */
    Runnable backup() {
        TreeMap<JobId, Row> rowsThen = new TreeMap<>(rows);
        Map<Key, NewJob> keysThen = new HashMap<>(keys);
        List<Event> unsequencedThen = new ArrayList<>(unsequenced);
        List<Event> feedThen = new ArrayList<>(feed);
        return () -> {
            rows = rowsThen;
            keys = keysThen;
            unsequenced = unsequencedThen;
            feed = feedThen;
        };
    }

    // submissions

    @Override
    public List<Outcome> store(List<NewJob> jobs) {
        return jobs.stream().map(this::store).toList();
    }

    private Outcome store(NewJob job) {
        NewJob.IdempotencyKey key = job.idempotencyKey();
        if (key != null) {
            Key whole = new Key(job.submittedBy(), job.spec().namespace(), key.key());
            NewJob first = keys.putIfAbsent(whole, job);
            if (first != null) {
                NewJob.IdempotencyKey known = Objects.requireNonNull(first.idempotencyKey());
                return known.bodyHash().equals(key.bodyHash())
                        ? new Outcome.SameAsBefore(first.id())
                        : new Outcome.KeyUsedOtherwise(first.id());
            }
        }
        if (rows.containsKey(job.id())) {
            throw new RefusedException("job_pk");
        }
        Instant now = clock.instant();
        Job stored =
                new Job(
                        job.id(),
                        job.spec().cluster(),
                        job.spec().namespace(),
                        job.spec().name(),
                        job.specHash(),
                        job.spec().maxRetries(),
                        job.spec().completions(),
                        job.spec().startTimeout(),
                        job.spec().waitsForConfig(),
                        now,
                        1,
                        Progress.queued(),
                        null,
                        0,
                        List.of(),
                        Surroundings.NONE,
                        false);
        Instant rank = now.minus(PRIORITY_STEP.multipliedBy(job.spec().priority()));
        rows.put(job.id(), new Row(job, stored, rank));
        unsequenced.add(new Event(job.id(), 1, JobState.QUEUED, "Submitted", 0));
        return new Outcome.Stored(job.id(), now);
    }

    @Override
    public Optional<Instant> storedAt(JobId id) {
        return Optional.ofNullable(rows.get(id)).map(row -> row.job().submittedAt());
    }

    // progressions

    @Override
    public <T> T inTransaction(Work<T> work) {
        Transaction transaction = new Transaction(clock.instant());
        try {
            return work.with(transaction);
        } catch (RuntimeException e) {
            transaction.rollBack();
            throw e;
        }
    }

    private final class Transaction implements Batch {
        private final Instant now;
        private final Map<JobId, Row> before = new LinkedHashMap<>();
        private final int eventsBefore = unsequenced.size();

        private Transaction(Instant now) {
            this.now = now;
        }

        private void rollBack() {
            rows.putAll(before);
            unsequenced.subList(eventsBefore, unsequenced.size()).clear();
        }

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public Map<JobId, Job> load(Collection<JobId> ids) {
            Map<JobId, Job> found = new LinkedHashMap<>();
            ids.stream()
                    .sorted()
                    .forEach(id -> {
                        Row row = rows.get(id);
                        if (row != null) {
                            found.put(id, row.job());
                        }
                    });
            return found;
        }

        @Override
        public Map<JobId, Job> load(Collection<JobId> ids, Set<String> pods) {
            Map<JobId, Job> found = load(ids);
            found.replaceAll((id, job) -> job.withPods(DecidingPods.of(job.pods(), pods)));
            return found;
        }

        @Override
        public Map<JobId, Job> loadLocked(Collection<JobId> ids) {
            return load(ids);
        }

        @Override
        public Map<JobId, Job> loadLocked(Collection<JobId> ids, Set<String> pods) {
            return load(ids, pods);
        }

        @Override
        public List<Step> write(List<Step> steps) {
            List<Step> lost = new ArrayList<>();
            for (Step step : steps) {
                Row row = rows.get(step.job().id());
                if (row == null || row.job().version() != step.job().version()) {
                    lost.add(step);
                } else {
                    write(row, step);
                }
            }
            return lost;
        }

        private void write(Row row, Step step) {
            Evidence evidence = step.decision().evidence();
            Job written = written(row.job(), step, evidence != null);
            refuseWhatTheSchemaRefuses(row.job(), written);
            before.putIfAbsent(written.id(), row);
            Row after = row.with(written);
            rows.put(written.id(), after);
            tellDue(row.job(), written);
            if (evidence != null) {
                unsequenced.add(
                        new Event(
                                written.id(),
                                written.version(),
                                written.state(),
                                evidence.reason(),
                                0));
            }
            listener.accept(row, after);
        }

        @Override
        public boolean mayAdmit(String cluster) {
            return true;
        }

        @Override
        public Use use(String cluster, Instant pendingSince) {
            Map<String, List<Row>> byNamespace = new TreeMap<>();
            for (Row row : rows.values()) {
                Progress p = row.job().progress();
                if (p.state() != JobState.QUEUED && !p.settled()) {
                    byNamespace
                            .computeIfAbsent(row.job().namespace(), n -> new ArrayList<>())
                            .add(row);
                }
            }
            List<NamespaceUse> use = new ArrayList<>();
            byNamespace.forEach(
                    (namespace, theirs) -> use.add(use(namespace, theirs, pendingSince)));
            return new Use(use);
        }

        @Override
        public Losses losses() {
            return losses;
        }

        private static NamespaceUse use(String namespace, List<Row> rows, Instant pendingSince) {
            int jobs = 0;
            long pods = 0;
            int starting = 0;
            int pending = 0;
            for (Row row : rows) {
                Progress p = row.job().progress();
                boolean starts = p.state() == JobState.STARTING;
                boolean runs = p.finishedAt() == null || p.marks().podsRemainSince() != null;
                jobs += runs || row.job().takeovers() == 0 ? 1 : 0;
                pods += runs ? row.submitted().spec().weight() : 0;
                starting += starts ? 1 : 0;
                pending += starts && isPending(row.job(), pendingSince) ? 1 : 0;
            }
            return new NamespaceUse(namespace, jobs, pods, starting, pending);
        }

        private static boolean isPending(Job job, Instant since) {
            Progress progress = job.progress();
            Waiting waiting = progress.waiting();
            boolean waits =
                    waiting != null
                            && waiting.verdictAt() == null
                            && !waiting.since().isAfter(since);
            Instant seen =
                    progress.jobSeenAt() == null ? progress.admittedAt() : progress.jobSeenAt();
            boolean seenLongAgo = seen != null && !seen.isAfter(since);
            boolean unminded =
                    job.pods().stream()
                            .anyMatch(pod ->
                                    pod.phase().equals("Pending")
                                            && pod.node() == null
                                            && pod.waitClass() == null);
            return !waits && !(seenLongAgo && unminded);
        }

        @Override
        public List<Candidate> queued(String cluster, int most, Collection<JobId> but) {
            Map<String, Integer> taken = new HashMap<>();
            return rows.values().stream()
                    .filter(row -> row.job().state() == JobState.QUEUED)
                    .filter(row -> row.job().progress().desired().isRun())
                    .filter(row -> !but.contains(row.job().id()))
                    .sorted(Comparator.comparing(Row::rank).thenComparing(row -> row.job().id()))
                    .filter(row -> taken.merge(row.job().namespace(), 1, Integer::sum) <= most)
                    .map(row ->
                            new Candidate(
                                    row.job().id(),
                                    row.job().namespace(),
                                    row.submitted().spec().weight()))
                    .toList();
        }
    }

    private static Job written(Job known, Step step, boolean newVersion) {
        Progress next = step.decision().next();
        Progress read = step.job().progress();
        Instant check =
                earlierIfChanged(
                        known.progress().nextCheckAt(), read.nextCheckAt(), next.nextCheckAt());
        Instant wanted =
                earlierIfChanged(
                        known.progress().lookWantedAt(), read.lookWantedAt(), next.lookWantedAt());
        Progress progress = newVersion ? next : known.progress();
        Map<String, PodRecord> pods = new LinkedHashMap<>();
        known.pods().forEach(pod -> pods.put(pod.uid(), pod));
        if (newVersion) {
            step.decision().changedPods().forEach(pod -> pods.put(pod.uid(), pod));
        }
        return copy(
                known,
                newVersion ? known.version() + 1 : known.version(),
                progress.checkedAt(check, wanted).troubled(next.trouble()),
                known.claim(),
                known.takeovers(),
                List.copyOf(pods.values()));
    }

    /** Somebody may have asked for an earlier check since the row was read: theirs counts too. */
    private static @Nullable Instant earlierIfChanged(
            @Nullable Instant stored, @Nullable Instant read, @Nullable Instant wanted) {
        if (Objects.equals(stored, read)) {
            return wanted;
        }
        return Stream.of(Optional.ofNullable(stored), Optional.ofNullable(wanted))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private static Job copy(
            Job job,
            int version,
            Progress progress,
            @Nullable Claim claim,
            int takeovers,
            List<PodRecord> pods) {
        return job.stored(version, progress, claim, takeovers).withPods(pods);
    }

    private void refuseWhatTheSchemaRefuses(Job before, Job after) {
        Progress p = after.progress();
        boolean unfinished = p.state() == JobState.STARTING || p.state() == JobState.RUNNING;
        if (unfinished && p.nextCheckAt() == null) {
            throw refused("job_state_unfinished_is_checked: " + after.id());
        }
        if (p.finishedAt() != null && !p.settled() && p.nextCheckAt() == null) {
            throw refused("job_state_unsettled_is_checked: " + after.id());
        }
        if (p.state() == JobState.FAILED && p.reason() == null) {
            throw refused("job_state_failed_has_reason: " + after.id());
        }
        if (before.state().terminal() && !answer(before).equals(answer(after))) {
            throw refused("job_state_is_final: " + after.id());
        }
    }

    private RefusedException refused(String why) {
        refusals.accept(why);
        return new RefusedException(why);
    }

    private static List<Optional<?>> answer(Job job) {
        Progress p = job.progress();
        return List.of(
                Optional.of(p.state()),
                Optional.ofNullable(p.reason()),
                Optional.ofNullable(p.message()),
                Optional.ofNullable(p.exitCode()),
                Optional.ofNullable(p.mayHaveRun()),
                Optional.ofNullable(p.startedAt()),
                Optional.ofNullable(p.finishedAt()));
    }

    // checks

    @Override
    public Lease lease(String cluster, Duration length, Places places) {
        Instant now = clock.instant();
        List<Job> due =
                rows.values().stream()
                        .map(Row::job)
                        .filter(job -> isDue(job, now))
                        .filter(job -> job.progress().settled() || losses.isInReach(job))
                        .sorted(
                                Comparator.comparing((Job job) -> !isWanted(job, now))
                                        .thenComparing(job ->
                                                Objects.requireNonNull(job.progress().dueAt())))
                        .toList();
        Places free = places.copy();
        List<Job> leased =
                Shares.choose(
                                due,
                                free.all().free(),
                                Job::namespace,
                                job -> free.of(job.mayPost(now)))
                        .stream()
                        .map(job -> leased(job, now, now.plus(length)))
                        .toList();
        return new Lease(leased, now, leased.size() < due.size());
    }

    private void tellDue(Job before, Job after) {
        Instant at = after.progress().dueAt();
        if (at != null && !at.equals(before.progress().dueAt())) {
            due.accept(at);
        }
    }

    private static boolean isDue(Job job, Instant now) {
        Instant at = job.progress().dueAt();
        return at != null && !at.isAfter(now);
    }

    private static boolean isWanted(Job job, Instant now) {
        Instant at = job.progress().lookWantedAt();
        return at != null && !at.isAfter(now);
    }

    /** A demand is not done with by a lease. */
    private Job leased(Job job, Instant now, Instant until) {
        return rescheduled(job, until, isWanted(job, now) ? until : job.progress().lookWantedAt());
    }

    private Job rescheduled(Job job, @Nullable Instant at, @Nullable Instant wanted) {
        Job changed =
                copy(
                        job,
                        job.version(),
                        job.progress().checkedAt(at, wanted),
                        job.claim(),
                        job.takeovers(),
                        job.pods());
        rows.computeIfPresent(job.id(), (id, row) -> row.with(changed));
        tellDue(job, changed);
        return changed;
    }

    @Override
    public List<JobId> lookAtAllBut(Collection<JobId> listed, String cluster, Instant seenBefore) {
        Instant now = clock.instant();
        List<Job> missed =
                rows.values().stream()
                        .map(Row::job)
                        .filter(job ->
                                job.state() == JobState.STARTING || job.state() == JobState.RUNNING)
                        .filter(job -> job.progress().kubernetesUid() != null)
                        .filter(job -> !listed.contains(job.id()) && !isDue(job, now))
                        .filter(job ->
                                Objects.requireNonNull(job.progress().jobSeenAt())
                                        .isBefore(seenBefore))
                        .toList();
        missed.forEach(job -> rescheduled(job, now, now));
        return missed.stream().map(Job::id).toList();
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public int overdue(String cluster, int most) {
        Instant now = clock.instant();
        return (int) rows.values().stream().filter(r -> isDue(r.job(), now)).limit(most).count();
    }

    @Override
    public Optional<Granted> claim(Job job, UUID token, String identity, Duration lasts) {
        Instant now = clock.instant();
        Row row = rows.get(job.id());
        if (row == null
                || !identity.equals(identities.get(job.cluster()))
                || losses.isLost(identity)
                || row.job().version() != job.version()
                || row.job().progress().kubernetesUid() != null) {
            return Optional.empty();
        }
        Claim held = row.job().claim();
        if (held != null && held.activeAt(now)) {
            return Optional.empty();
        }
        Claim claim = new Claim(token, now.plus(lasts));
        claimed(row, claim, row.job().takeovers() + (held == null ? 0 : 1));
        moved(job.id(), new ClusterIdentity(identity, row.job().identity().lost()));
        boolean othersWait =
                rows.values().stream()
                        .map(Row::job)
                        .filter(other -> other.namespace().equals(job.namespace()))
                        .anyMatch(other -> other.progress().trouble() != null);
        return Optional.of(new Granted(claim, othersWait));
    }

    @Override
    public int postAgain(String cluster, String namespace) {
        Instant now = clock.instant();
        List<Job> held =
                rows.values().stream()
                        .map(Row::job)
                        .filter(job -> job.namespace().equals(namespace) && !job.state().terminal())
                        .filter(job -> job.progress().kubernetesUid() == null)
                        .filter(job ->
                                job.progress().trouble() != null
                                        && job.progress().trouble().nextPostAt().isAfter(now))
                        .toList();
        for (Job job : held) {
            CallTrouble trouble = Objects.requireNonNull(job.progress().trouble());
            Job due = rescheduled(job, now, job.progress().lookWantedAt());
            Progress progress = due.progress().troubled(new CallTrouble(trouble.failures(), now));
            rows.computeIfPresent(
                    job.id(),
                    (id, row) ->
                            row.with(
                                    copy(
                                            due,
                                            due.version(),
                                            progress,
                                            due.claim(),
                                            due.takeovers(),
                                            due.pods())));
        }
        return held.size();
    }

    private void claimed(Row row, @Nullable Claim claim, int takeovers) {
        Job job = row.job();
        rows.put(
                job.id(),
                row.with(copy(job, job.version(), job.progress(), claim, takeovers, job.pods())));
    }

    @Override
    public void release(JobId id, UUID token) {
        Row row = rows.get(id);
        Claim held = row == null ? null : row.job().claim();
        if (row != null
                && held != null
                && held.token().equals(token)
                && row.job().progress().kubernetesUid() == null) {
            claimed(row, null, row.job().takeovers());
        }
    }

    @Override
    public void setAside(JobId id, String error) {
        Row row = rows.get(id);
        if (row != null) {
            Progress p = row.job().progress();
            rescheduled(row.job(), later(p.nextCheckAt()), later(p.lookWantedAt()));
        }
    }

    /** What was asked for since the check began is due as always. */
    private @Nullable Instant later(@Nullable Instant at) {
        Instant now = clock.instant();
        return at == null || !at.isAfter(now) ? at : now.plus(SET_ASIDE);
    }

    @Override
    public void wentWell(JobId id) {}

    @Override
    public StoredSpec spec(JobId id) {
        String json = Objects.requireNonNull(rows.get(id)).submitted().specJson();
        return new StoredSpec(Json.object(json), null);
    }

    // the feed

    @Override
    public int sequence(int most) {
        List<Event> picked =
                unsequenced.stream()
                        .sorted(Comparator.comparing(Event::jobId).thenComparingInt(Event::version))
                        .limit(most)
                        .toList();
        for (Event event : picked) {
            feed.add(
                    new Event(
                            event.jobId(),
                            event.version(),
                            event.to(),
                            event.reason(),
                            feed.size() + 1L));
        }
        unsequenced.removeAll(picked);
        return picked.size();
    }

    @Override
    public @Nullable String heartbeat(String cluster, @Nullable String answered) {
        String known = identities.get(cluster);
        boolean free = known == null || losses.isLost(known);
        if (answered != null && free && !losses.isLost(answered)) {
            identities.put(cluster, answered);
            return answered;
        }
        return free ? null : known;
    }
}
