package io.windlass.store;

import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.PodRecord;
import io.windlass.job.Progress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** In a transaction of PostgreSQL. */
final class PostgresProgressions implements Progressions {
    private static final String LOAD =
            "select "
                    + Rows.JOB
                    + """
                     from job j join job_state s on s.job_id = j.id where j.id = any(:ids) order by j.id
                    """;

    private static final String LOCKED = " for no key update of s";

    // somebody may have asked for an earlier check since the row was read: theirs counts too
    private static final String NEXT_CHECK =
            """
            next_check_at = case when next_check_at is not distinct from cast(:readCheck as timestamptz)
                then cast(:nextCheck as timestamptz) else least(next_check_at, cast(:nextCheck as timestamptz)) end,
            look_wanted_at = case when look_wanted_at is not distinct from cast(:readWanted as timestamptz)
                then cast(:nextWanted as timestamptz) else least(look_wanted_at, cast(:nextWanted as timestamptz)) end,
            namespace = :namespace, failed_calls = cast(:failedCalls as integer),
            next_post_at = cast(:nextPost as timestamptz)
            """;

    private static final String WRITE =
            """
            with written as (
                update job_state set version = version + 1, state = :state, desired = :desired,
                    desired_reason = :desiredReason, desired_message = :desiredMessage, reason = :reason,
                    message = :message, exit_code = cast(:exitCode as integer), may_have_run = cast(:mayHaveRun as boolean), attempt = :attempt,
                    kubernetes_name = :kubernetesName, kubernetes_uid = :kubernetesUid, guard = :guard,
                    missing_since = cast(:missingSince as timestamptz), delete_requested_at = cast(:deleteRequestedAt as timestamptz), settled = :settled,
                    admitted_at = cast(:admittedAt as timestamptz), job_seen_at = cast(:jobSeenAt as timestamptz), started_at = cast(:startedAt as timestamptz), finished_at = cast(:finishedAt as timestamptz),
                    ending_since = cast(:endingSince as timestamptz), job_changed_since = cast(:changedSince as timestamptz),
                    pods_remain_since = cast(:podsRemainSince as timestamptz),
                    waiting = cast(:waiting as jsonb), waits_for_room_since = cast(:waitsForRoomSince as timestamptz),
            """
                    + NEXT_CHECK
                    + """
                        where job_id = :id and version = :version
                        returning job_id, version)
                    insert into job_event (job_id, version, at, from_state, to_state, reason, message, source, kind, name, uid,
                        resource_version, raw)
                    select job_id, version, cast(:now as timestamptz), :fromState, :state, :eventReason, :eventMessage, :source,
                        :kind, :name, :uid, cast(:resourceVersion as bigint), :raw
                    from written
                    """;

    private static final String NUDGE =
            "update job_state set " + NEXT_CHECK + " where job_id = :id and version = :version";

    private static final String WRITE_POD =
            """
            insert into job_pod (job_id, attempt, pod_uid, name, guard, phase, node, class, cause, class_since, image,
                heard_class, heard_count, heard_at, pulls, started_at, exit_code, reason, message, disrupted)
            values (:jobId, :attempt, :uid, :name, :guard, :phase, :node, :class, :cause, cast(:classSince as timestamptz), :image,
                :heardClass, cast(:heardCount as bigint), cast(:heardAt as timestamptz), :pulls,
                cast(:startedAt as timestamptz), cast(:exitCode as integer), :reason, :message, :disrupted)
            on conflict (job_id, attempt, pod_uid) do update set
                guard = excluded.guard, phase = excluded.phase, node = excluded.node, class = excluded.class,
                cause = excluded.cause, class_since = excluded.class_since, image = excluded.image,
                heard_class = excluded.heard_class, heard_count = excluded.heard_count, heard_at = excluded.heard_at,
                pulls = excluded.pulls,
                started_at = excluded.started_at, exit_code = excluded.exit_code, reason = excluded.reason,
                message = excluded.message, disrupted = excluded.disrupted
            """;

    private final Database database;

    PostgresProgressions(Database database) {
        this.database = database;
    }

    @Override
    public <T> T inTransaction(Work<T> work) {
        return database.transaction(handle -> work.with(batch(handle)));
    }

    static Batch batch(Handle handle) {
        return new PostgresBatch(handle, Database.now(handle));
    }

    private static final class PostgresBatch implements Batch {
        private final Handle handle;
        private final Instant now;

        PostgresBatch(Handle handle, Instant now) {
            this.handle = handle;
            this.now = now;
        }

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public Map<JobId, Job> load(Collection<JobId> ids) {
            return load(LOAD, ids, jobs -> PodRows.all(handle, jobs));
        }

        @Override
        public Map<JobId, Job> load(Collection<JobId> ids, Set<String> pods) {
            return load(LOAD, ids, jobs -> PodRows.deciding(handle, jobs, pods));
        }

        @Override
        public Map<JobId, Job> loadLocked(Collection<JobId> ids) {
            return load(LOAD + LOCKED, ids, jobs -> PodRows.all(handle, jobs));
        }

        @Override
        public Map<JobId, Job> loadLocked(Collection<JobId> ids, Set<String> pods) {
            return load(LOAD + LOCKED, ids, jobs -> PodRows.deciding(handle, jobs, pods));
        }

        private Map<JobId, Job> load(
                String sql,
                Collection<JobId> ids,
                Function<UUID[], Map<JobId, List<PodRecord>>> podsOf) {
            UUID[] keys = ids.stream().map(JobId::value).toArray(UUID[]::new);
            List<Job> rows =
                    handle.createQuery(sql)
                            .bind("ids", keys)
                            .map((row, context) -> Rows.job(row, List.of()))
                            .list();
            // after the rows: what was seen of pods is written under their lock
            Map<JobId, List<PodRecord>> pods = podsOf.apply(keys);
            Map<JobId, Job> jobs = new HashMap<>();
            for (Job row : rows) {
                Job job = row.withPods(pods.getOrDefault(row.id(), List.of()));
                jobs.put(job.id(), PostgresOutages.around(handle, job, now));
            }
            return jobs;
        }

        @Override
        public List<Step> write(List<Step> steps) {
            List<Step> versions =
                    steps.stream().filter(s -> s.decision().evidence() != null).toList();
            List<Step> nudges =
                    steps.stream()
                            .filter(s -> s.decision().evidence() == null)
                            .filter(PostgresBatch::movesCheck)
                            .filter(s -> versions.stream().noneMatch(v -> v.follows(s)))
                            .toList();
            IdentityHashMap<Step, Progress> read = StepBinding.read(steps, versions, nudges);
            List<Step> lost =
                    new ArrayList<>(
                            execute(
                                    WRITE,
                                    versions,
                                    (into, step) ->
                                            StepBinding.write(into, step, read(read, step), now)));
            lost.addAll(
                    execute(
                            NUDGE,
                            nudges,
                            (into, step) -> StepBinding.check(into, step, read(read, step))));
            List<Step> won = versions.stream().filter(step -> !lost.contains(step)).toList();
            writePods(won);
            ScheduleEnds.write(
                    handle, won.stream().filter(Step::ends).map(step -> step.job().id()).toList());
            PostgresOutages.started(
                    handle,
                    won.stream().flatMap(s -> s.decision().startedImages().stream()).toList());
            return lost;
        }

        private static Progress read(IdentityHashMap<Step, Progress> read, Step step) {
            return Objects.requireNonNull(read.get(step));
        }

        @Override
        public boolean mayAdmit(String cluster) {
            return PostgresAdmission.isAllowed(handle, cluster);
        }

        @Override
        public Use use(String cluster, Instant pendingSince) {
            return PostgresAdmission.use(handle, cluster, pendingSince);
        }

        @Override
        public List<Candidate> queued(String cluster, int most, Collection<JobId> but) {
            return PostgresAdmission.queued(handle, cluster, most, but);
        }

        @Override
        public Losses losses() {
            return new PostgresLosses(handle);
        }

        private static boolean movesCheck(Step step) {
            Progress before = step.job().progress();
            Progress next = step.decision().next();
            return !Objects.equals(before.nextCheckAt(), next.nextCheckAt())
                    || !Objects.equals(before.lookWantedAt(), next.lookWantedAt())
                    || !Objects.equals(before.trouble(), next.trouble());
        }

        private interface Binder {
            void bind(PreparedBatch batch, Step step);
        }

        private List<Step> execute(String sql, List<Step> steps, Binder binder) {
            if (steps.isEmpty()) {
                return List.of();
            }
            PreparedBatch batch = handle.prepareBatch(sql);
            for (Step step : steps) {
                binder.bind(batch, step);
                batch.add();
            }
            int[] counts = batch.execute();
            List<Step> lost = new ArrayList<>();
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] == 0) {
                    lost.add(steps.get(i));
                }
            }
            return lost;
        }

        /**
         * Of a pod that changed twice in one batch only the last counts: one statement writes a row
         * once.
         */
        private void writePods(List<Step> steps) {
            Map<PodKey, PodRecord> latest = new LinkedHashMap<>();
            for (Step step : steps) {
                for (PodRecord pod : step.decision().changedPods()) {
                    latest.put(new PodKey(step.job().id(), pod.attempt(), pod.uid()), pod);
                }
            }
            if (latest.isEmpty()) {
                return;
            }
            PreparedBatch batch = handle.prepareBatch(WRITE_POD);
            latest.forEach((key, pod) -> StepBinding.pod(batch, key.jobId(), pod));
            batch.execute();
        }

        private record PodKey(JobId jobId, int attempt, String uid) {}
    }
}
