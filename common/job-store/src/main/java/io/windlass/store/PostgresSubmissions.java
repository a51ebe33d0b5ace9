package io.windlass.store;

import io.windlass.job.JobId;
import io.windlass.job.JobSpec;
import io.windlass.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** In one transaction of PostgreSQL. */
final class PostgresSubmissions implements Submissions {
    /**
     * How much sooner one step of priority puts a job; static, so that low ones age upwards for
     * free.
     */
    private static final Duration PRIORITY_STEP = Duration.ofMinutes(10);

    /** In the order of the keys, so that two calls with the same ones wait and do not deadlock. */
    private static final String INSERT_KEYS =
            """
            insert into idempotency_key (caller, namespace, key, job_id, body_hash, hash_version, created_at)
            select caller, namespace, key, job_id, body_hash, :hashVersion, clock_timestamp()
            from unnest(cast(:ids as uuid[]), cast(:callers as text[]), cast(:namespaces as text[]), cast(:keys as text[]),
                cast(:bodyHashes as text[])) with ordinality as asked (job_id, caller, namespace, key, body_hash, n)
            order by caller, namespace, key, n
            on conflict do nothing
            """;

    private static final String FIND_KEYS =
            """
            select asked.id, found.job_id, found.body_hash = asked.body_hash as same
            from unnest(cast(:ids as uuid[]), cast(:callers as text[]), cast(:namespaces as text[]), cast(:keys as text[]),
                cast(:bodyHashes as text[])) as asked (id, caller, namespace, key, body_hash)
            join idempotency_key found using (caller, namespace, key)
            """;

    /** However many, one statement: a row of each table for each. */
    private static final String INSERT_JOBS =
            """
            with moment as materialized (select clock_timestamp() as now),
            stored as (
                insert into job (id, cluster, namespace, queue, name, spec, spec_text, spec_version, spec_hash, labels, priority,
                    weight, rank, max_retries, completions, start_timeout_ms, waits_for_config, submitted_by, submitted_at, traceparent,
                    rerun_of, schedule_id, planned_at)
                select id, cluster, namespace, queue, name, cast(spec as jsonb), spec, :specVersion, spec_hash,
                    cast(labels as jsonb), priority, weight,
                    now - priority * cast(:priorityStep as interval),
                    max_retries, completions, start_timeout_ms, waits_for_config, submitted_by, now, traceparent, rerun_of,
                    schedule_id, planned_at
                from moment, unnest(cast(:ids as uuid[]), cast(:clusters as text[]), cast(:namespaces as text[]),
                    cast(:queues as text[]), cast(:names as text[]), cast(:specs as text[]), cast(:specHashes as text[]),
                    cast(:labels as text[]), cast(:priorities as integer[]), cast(:weights as integer[]),
                    cast(:maxRetries as integer[]), cast(:completions as integer[]), cast(:startTimeouts as bigint[]),
                    cast(:waitsForConfig as boolean[]),
                    cast(:submittedBy as text[]), cast(:traceparents as text[]), cast(:rerunOf as uuid[]),
                    cast(:schedules as uuid[]), cast(:plannedAt as timestamptz[]))
                as asked (id, cluster, namespace, queue, name, spec, spec_hash, labels, priority, weight, max_retries,
                    completions, start_timeout_ms, waits_for_config, submitted_by, traceparent, rerun_of,
                    schedule_id, planned_at)
                returning id, cluster, namespace, rank, weight, submitted_by, submitted_at, schedule_id),
            state as (
                insert into job_state (job_id, cluster, namespace, rank, weight, version, state, desired, schedule_id)
                select id, cluster, namespace, rank, weight, 1, 'QUEUED', 'RUN', schedule_id from stored),
            event as (
                insert into job_event (job_id, version, at, to_state, reason, message, source)
                select id, 1, submitted_at, 'QUEUED', 'Submitted', 'by ' || submitted_by, 'API' from stored)
            select now from moment
            """;

    private record Keyed(NewJob job, NewJob.IdempotencyKey key) {}

    /** Whose the key of a job that was asked for is. */
    private record User(JobId asked, JobId job, boolean same) {}

    private static final RowMapper<User> USER =
            (row, context) ->
                    new User(
                            new JobId(row.getObject("id", UUID.class)),
                            new JobId(row.getObject("job_id", UUID.class)),
                            row.getBoolean("same"));

    private final Database database;

    PostgresSubmissions(Database database) {
        this.database = database;
    }

    @Override
    public List<Outcome> store(List<NewJob> jobs) {
        boolean keys = jobs.stream().anyMatch(job -> job.idempotencyKey() != null);
        return keys
                ? database.transaction(handle -> storeWithKeys(handle, jobs))
                : database.statement(handle -> stored(jobs, insert(handle, jobs)));
    }

    @Override
    public Optional<Instant> storedAt(JobId id) {
        return Optional.ofNullable(storedAt(List.of(id)).get(id));
    }

    @Override
    public Map<JobId, Instant> storedAt(Collection<JobId> ids) {
        Map<JobId, Instant> found = new HashMap<>();
        database.inTransaction(handle ->
                handle.createQuery("select id, submitted_at from job where id = any(:ids)")
                        .bind("ids", ids.stream().map(JobId::value).toArray(UUID[]::new))
                        .map((row, context) ->
                                Map.entry(
                                        new JobId(row.getObject("id", UUID.class)),
                                        Rows.present(row, "submitted_at")))
                        .forEach(row -> found.put(row.getKey(), row.getValue())));
        return found;
    }

    private static List<Outcome> stored(List<NewJob> jobs, Instant at) {
        return jobs.stream().map(job -> (Outcome) new Outcome.Stored(job.id(), at)).toList();
    }

    private static List<Outcome> storeWithKeys(Handle handle, List<NewJob> jobs) {
        Map<JobId, Outcome> before = usersOfTheirKeys(handle, jobs);
        List<NewJob> fresh = jobs.stream().filter(job -> !before.containsKey(job.id())).toList();
        Instant at = insert(handle, fresh);
        return jobs.stream()
                .map(job -> before.getOrDefault(job.id(), new Outcome.Stored(job.id(), at)))
                .toList();
    }

    /** Of those whose key another job has, be it one of these. */
    private static Map<JobId, Outcome> usersOfTheirKeys(Handle handle, List<NewJob> jobs) {
        List<Keyed> keyed = new ArrayList<>();
        for (NewJob job : jobs) {
            NewJob.IdempotencyKey key = job.idempotencyKey();
            if (key != null) {
                keyed.add(new Keyed(job, key));
            }
        }
        Map<String, Object> columns =
                Map.of(
                        "ids", column(keyed, UUID[]::new, k -> k.job().id().value()),
                        "callers", column(keyed, String[]::new, k -> k.job().submittedBy()),
                        "namespaces", column(keyed, String[]::new, k -> k.job().spec().namespace()),
                        "keys", column(keyed, String[]::new, k -> k.key().key()),
                        "bodyHashes", column(keyed, String[]::new, k -> k.key().bodyHash()));
        int claimed =
                handle.createUpdate(INSERT_KEYS)
                        .bindMap(columns)
                        .bind("hashVersion", NewJob.IdempotencyKey.HASH_VERSION)
                        .execute();
        Map<JobId, Outcome> others = new HashMap<>();
        if (claimed == keyed.size()) {
            return others;
        }
        List<User> users = handle.createQuery(FIND_KEYS).bindMap(columns).map(USER).list();
        if (users.size() != keyed.size()) {
            throw new DatabaseAwayException("a key expired at this moment", null, false);
        }
        for (User user : users) {
            if (!user.job().equals(user.asked())) {
                others.put(
                        user.asked(),
                        user.same()
                                ? new Outcome.SameAsBefore(user.job())
                                : new Outcome.KeyUsedOtherwise(user.job()));
            }
        }
        return others;
    }

    /** Those without idempotency keys; the moment of their submission. */
    static Instant insert(Handle handle, List<NewJob> jobs) {
        return handle.createQuery(INSERT_JOBS)
                .bind("specVersion", JobSpec.VERSION)
                .bind("priorityStep", PRIORITY_STEP.toSeconds() + " seconds")
                .bind("ids", column(jobs, UUID[]::new, job -> job.id().value()))
                .bind("clusters", column(jobs, String[]::new, job -> job.spec().cluster()))
                .bind("namespaces", column(jobs, String[]::new, job -> job.spec().namespace()))
                .bind("queues", column(jobs, String[]::new, job -> job.spec().queue()))
                .bind("names", column(jobs, String[]::new, job -> job.spec().name()))
                .bind("specs", column(jobs, String[]::new, NewJob::specJson))
                .bind("specHashes", column(jobs, String[]::new, NewJob::specHash))
                .bind("labels", column(jobs, String[]::new, job -> Json.write(job.spec().labels())))
                .bind("priorities", column(jobs, Integer[]::new, job -> job.spec().priority()))
                .bind("weights", column(jobs, Integer[]::new, job -> job.spec().weight()))
                .bind("maxRetries", column(jobs, Integer[]::new, job -> job.spec().maxRetries()))
                .bind("completions", column(jobs, Integer[]::new, job -> job.spec().completions()))
                .bind("startTimeouts", column(jobs, Long[]::new, PostgresSubmissions::startTimeout))
                .bind(
                        "waitsForConfig",
                        column(jobs, Boolean[]::new, job -> job.spec().waitsForConfig()))
                .bind("submittedBy", column(jobs, String[]::new, NewJob::submittedBy))
                .bind("traceparents", column(jobs, String[]::new, NewJob::traceparent))
                .bind("rerunOf", column(jobs, UUID[]::new, NewJob::rerunOf))
                .bind("schedules", column(jobs, UUID[]::new, PostgresSubmissions::schedule))
                .bind("plannedAt", column(jobs, String[]::new, PostgresSubmissions::plannedAt))
                .map((row, context) -> Rows.instant(row, 1))
                .one();
    }

    private static @Nullable Long startTimeout(NewJob job) {
        Duration timeout = job.spec().startTimeout();
        return timeout == null ? null : timeout.toMillis();
    }

    private static @Nullable UUID schedule(NewJob job) {
        NewJob.Origin origin = job.origin();
        return origin == null ? null : origin.schedule();
    }

    private static @Nullable String plannedAt(NewJob job) {
        NewJob.Origin origin = job.origin();
        return origin == null ? null : Objects.toString(origin.plannedAt(), null);
    }

    private static <R, T> T[] column(
            List<R> rows, IntFunction<T[]> array, Function<R, @Nullable T> value) {
        return rows.stream().map(value).toArray(array);
    }
}
