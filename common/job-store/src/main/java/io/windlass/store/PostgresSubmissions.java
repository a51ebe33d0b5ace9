package io.windlass.store;

import io.windlass.job.JobId;
import io.windlass.job.JobSpec;
import io.windlass.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** In one transaction of PostgreSQL. */
final class PostgresSubmissions implements Submissions {
    /**
     * How much sooner one step of priority puts a job; static, so that low ones age upwards for
     * free.
     */
    private static final Duration PRIORITY_STEP = Duration.ofMinutes(10);

    private static final String INSERT_KEY =
            """
            insert into idempotency_key (caller, namespace, key, job_id, body_hash, hash_version, created_at)
            values (:caller, :namespace, :key, :jobId, :bodyHash, :hashVersion, :now)
            on conflict do nothing
            """;

    private static final String FIND_KEY =
            """
            select job_id, body_hash = :bodyHash as same from idempotency_key
            where caller = :caller and namespace = :namespace and key = :key
            """;

    /** However many, one statement: a row of each table for each. */
    private static final String INSERT_JOBS =
            """
            with stored as (
                insert into job (id, cluster, namespace, queue, name, spec, spec_version, spec_hash, labels, priority,
                    weight, rank, max_retries, completions, start_timeout_ms, submitted_by, submitted_at, traceparent,
                    rerun_of)
                select id, cluster, namespace, queue, name, cast(spec as jsonb), :specVersion, spec_hash,
                    cast(labels as jsonb), priority, weight,
                    cast(:now as timestamptz) - priority * cast(:priorityStep as interval),
                    max_retries, completions, start_timeout_ms, submitted_by, :now, traceparent, rerun_of
                from unnest(cast(:ids as uuid[]), cast(:clusters as text[]), cast(:namespaces as text[]),
                    cast(:queues as text[]), cast(:names as text[]), cast(:specs as text[]), cast(:specHashes as text[]),
                    cast(:labels as text[]), cast(:priorities as integer[]), cast(:weights as integer[]),
                    cast(:maxRetries as integer[]), cast(:completions as integer[]), cast(:startTimeouts as bigint[]),
                    cast(:submittedBy as text[]), cast(:traceparents as text[]), cast(:rerunOf as uuid[]))
                as asked (id, cluster, namespace, queue, name, spec, spec_hash, labels, priority, weight, max_retries,
                    completions, start_timeout_ms, submitted_by, traceparent, rerun_of)
                returning id, cluster, rank, weight, submitted_by),
            state as (
                insert into job_state (job_id, cluster, rank, weight, version, state, desired)
                select id, cluster, rank, weight, 1, 'QUEUED', 'RUN' from stored)
            insert into job_event (job_id, version, at, to_state, reason, message, source)
            select id, 1, cast(:now as timestamptz), 'QUEUED', 'Submitted', 'by ' || submitted_by, 'API' from stored
            """;

    private final Database database;

    PostgresSubmissions(Database database) {
        this.database = database;
    }

    @Override
    public List<Outcome> store(List<NewJob> jobs) {
        return database.transaction(handle -> store(handle, jobs));
    }

    @Override
    public Optional<Instant> storedAt(JobId id) {
        return database.transaction(handle ->
                handle.createQuery("select submitted_at from job where id = :id")
                        .bind("id", id.value())
                        .map((row, context) -> Rows.present(row, "submitted_at"))
                        .findOne());
    }

    private static List<Outcome> store(Handle handle, List<NewJob> jobs) {
        Instant now = Database.now(handle);
        List<Outcome> outcomes = new ArrayList<>();
        List<NewJob> fresh = new ArrayList<>();
        for (NewJob job : jobs) {
            Outcome outcome = claimKey(handle, job, now);
            outcomes.add(outcome);
            if (outcome instanceof Outcome.Stored) {
                fresh.add(job);
            }
        }
        if (!fresh.isEmpty()) {
            insert(handle, fresh, now);
        }
        return outcomes;
    }

    private static Outcome claimKey(Handle handle, NewJob job, Instant now) {
        NewJob.IdempotencyKey key = job.idempotencyKey();
        if (key == null) {
            return new Outcome.Stored(job.id(), now);
        }
        Map<String, Object> names = new HashMap<>();
        names.put("caller", job.submittedBy());
        names.put("namespace", job.spec().namespace());
        names.put("key", key.key());
        names.put("bodyHash", key.bodyHash());
        int inserted =
                handle.createUpdate(INSERT_KEY)
                        .bindMap(names)
                        .bind("jobId", job.id().value())
                        .bind("hashVersion", NewJob.IdempotencyKey.HASH_VERSION)
                        .bind("now", Rows.time(now))
                        .execute();
        if (inserted == 1) {
            return new Outcome.Stored(job.id(), now);
        }
        return handle.createQuery(FIND_KEY)
                .bindMap(names)
                .map((row, context) -> {
                    JobId id = new JobId(row.getObject("job_id", UUID.class));
                    return row.getBoolean("same")
                            ? new Outcome.SameAsBefore(id)
                            : (Outcome) new Outcome.KeyUsedOtherwise(id);
                })
                .one();
    }

    private static void insert(Handle handle, List<NewJob> jobs, Instant now) {
        handle.createUpdate(INSERT_JOBS)
                .bind("specVersion", JobSpec.VERSION)
                .bind("now", Rows.time(now))
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
                .bind("submittedBy", column(jobs, String[]::new, NewJob::submittedBy))
                .bind("traceparents", column(jobs, String[]::new, NewJob::traceparent))
                .bind("rerunOf", column(jobs, UUID[]::new, NewJob::rerunOf))
                .execute();
    }

    private static @Nullable Long startTimeout(NewJob job) {
        Duration timeout = job.spec().startTimeout();
        return timeout == null ? null : timeout.toMillis();
    }

    private static <T> T[] column(
            List<NewJob> jobs, IntFunction<T[]> array, Function<NewJob, @Nullable T> value) {
        return jobs.stream().map(value).toArray(array);
    }
}
