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
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

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

    private static final String INSERT_JOB =
            """
            with stored as (
                insert into job (id, cluster, namespace, queue, name, spec, spec_version, spec_hash, labels, priority,
                    weight, rank, max_retries, completions, start_timeout_ms, submitted_by, submitted_at, traceparent,
                    rerun_of)
                values (:id, :cluster, :namespace, :queue, :name, cast(:spec as jsonb), :specVersion, :specHash,
                    cast(:labels as jsonb), :priority, :weight, :rank, :maxRetries, :completions, cast(:startTimeout as bigint),
                    :submittedBy, :now, :traceparent, cast(:rerunOf as uuid))
                returning id, cluster, rank, weight),
            state as (
                insert into job_state (job_id, cluster, rank, weight, version, state, desired)
                select id, cluster, rank, weight, 1, 'QUEUED', 'RUN' from stored)
            insert into job_event (job_id, version, at, to_state, reason, message, source)
            select id, 1, cast(:now as timestamptz), 'QUEUED', 'Submitted', 'by ' || cast(:submittedBy as text), 'API' from stored
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
    public boolean exists(JobId id) {
        return database.transaction(handle ->
                handle.createQuery("select exists (select from job where id = :id)")
                        .bind("id", id.value())
                        .mapTo(Boolean.class)
                        .one());
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
            PreparedBatch batch = handle.prepareBatch(INSERT_JOB);
            fresh.forEach(job -> bind(batch, job, now));
            batch.execute();
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

    private static void bind(PreparedBatch batch, NewJob job, Instant now) {
        JobSpec spec = job.spec();
        Duration startTimeout = spec.startTimeout();
        batch.bind("id", job.id().value())
                .bind("cluster", spec.cluster())
                .bind("namespace", spec.namespace())
                .bind("queue", spec.queue())
                .bind("name", spec.name())
                .bind("spec", job.specJson())
                .bind("specVersion", JobSpec.VERSION)
                .bind("specHash", job.specHash())
                .bind("labels", Json.write(spec.labels()))
                .bind("priority", spec.priority())
                .bind("weight", spec.weight())
                .bind("rank", Rows.time(now.minus(PRIORITY_STEP.multipliedBy(spec.priority()))))
                .bind("maxRetries", spec.maxRetries())
                .bind("completions", spec.completions())
                .bind("startTimeout", startTimeout == null ? null : startTimeout.toMillis())
                .bind("submittedBy", job.submittedBy())
                .bind("now", Rows.time(now))
                .bind("traceparent", job.traceparent())
                .bind("rerunOf", job.rerunOf())
                .add();
    }
}
