package io.windlass.store;

import io.windlass.job.JobId;
import io.windlass.job.JobState;
import io.windlass.job.PodRecord;
import io.windlass.job.Progress;
import io.windlass.job.WaitClass;
import io.windlass.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Jobs as the API shows them. */
public final class Jobs {
    /** An admitter that works comes by each second. */
    private static final String QUEUED_FOR =
            """
            case when s.state = 'QUEUED' and s.desired = 'RUN' then case
                when exists (select from cluster c where c.name = j.cluster and c.paused) then 'CLUSTER_PAUSED'
                when not exists (select from cluster c
                    where c.name = j.cluster and c.heartbeat_at > clock_timestamp() - interval '1 minute') then 'CLUSTER_AWAY'
                when j.submitted_at < clock_timestamp() - interval '5 seconds' then 'WINDOW_FULL' end end
            """;

    private static final String COLUMNS =
            """
            select j.id, %s as spec, j.name, j.namespace, j.queue, j.cluster,
                j.labels, j.spec_hash, j.submitted_by, j.submitted_at, j.rerun_of, j.schedule_id, j.planned_at, s.version, s.state, s.desired, s.desired_reason, s.desired_message, s.reason, s.message,
                s.exit_code, s.may_have_run, s.attempt, s.kubernetes_name, s.kubernetes_uid, s.guard, s.missing_since,
                s.delete_requested_at, s.settled, s.admitted_at, s.job_seen_at, s.started_at, s.finished_at, s.waiting,
                s.next_check_at, s.look_wanted_at, s.ending_since, s.job_changed_since, s.pods_remain_since,
                s.failed_calls, s.next_post_at, (select count(*) from job_pod p where p.job_id = j.id) as pods,
                %s as queued_for
            from job j join job_state s on s.job_id = j.id
            """
                    .formatted(Rows.SPEC, QUEUED_FOR);

    // the length of a text that is stored aside is known without reading it
    private static final String IDS =
            """
            select j.id, j.submitted_at, octet_length(%s) as bytes
            from job j join job_state s on s.job_id = j.id
            """
                    .formatted(Rows.SPEC);

    private static final String NEWEST_FIRST = " order by j.submitted_at desc, j.id desc";

    private static final String PODS =
            "select * from job_pod where job_id = :id order by attempt, started_at nulls last, name";

    /**
     * A job with all that is known of it.
     *
     * @param spec where it cannot be read, what the job's columns say
     * @param unreadable why the spec cannot be read
     * @param queuedFor null where it is not queued, or has only just come
     */
    public record StoredJob(
            JobId id,
            Map<String, @Nullable Object> spec,
            @Nullable String unreadable,
            String specHash,
            String submittedBy,
            Instant submittedAt,
            @Nullable UUID rerunOf,
            @Nullable UUID scheduleId,
            @Nullable Instant plannedAt,
            int version,
            int pods,
            Progress progress,
            @Nullable QueuedFor queuedFor) {

        /** As it is right after it was stored: to read it back would tell nothing more. */
        public static StoredJob justStored(NewJob job, Instant at) {
            return new StoredJob(
                    job.id(),
                    Json.object(job.specJson()),
                    null,
                    job.specHash(),
                    job.submittedBy(),
                    at,
                    job.rerunOf(),
                    job.origin() == null ? null : job.origin().schedule(),
                    job.origin() == null ? null : job.origin().plannedAt(),
                    1,
                    0,
                    Progress.queued(),
                    null);
        }

        public String namespace() {
            return String.valueOf(spec.get("namespace"));
        }
    }

    /**
     * Which jobs; empty sets and nulls mean all. Namespaces are those the caller may see.
     *
     * @param waiting for what they wait
     * @param object what is at fault that they wait
     * @param ids these and no others; null means all
     */
    public record Filter(
            @Nullable Collection<String> namespaces,
            Set<JobState> states,
            Map<String, String> labels,
            @Nullable String name,
            @Nullable String queue,
            @Nullable UUID scheduleId,
            @Nullable Instant since,
            @Nullable Instant until,
            @Nullable WaitClass waiting,
            @Nullable String object,
            @Nullable Collection<JobId> ids) {

        public Filter(
                @Nullable Collection<String> namespaces,
                Set<JobState> states,
                Map<String, String> labels,
                @Nullable String name,
                @Nullable String queue,
                @Nullable UUID scheduleId,
                @Nullable Instant since,
                @Nullable Instant until,
                @Nullable WaitClass waiting,
                @Nullable String object) {
            this(
                    namespaces,
                    states,
                    labels,
                    name,
                    queue,
                    scheduleId,
                    since,
                    until,
                    waiting,
                    object,
                    null);
        }

        public Filter among(Collection<JobId> others) {
            return new Filter(
                    namespaces,
                    states,
                    labels,
                    name,
                    queue,
                    scheduleId,
                    since,
                    until,
                    waiting,
                    object,
                    others);
        }

        public Filter in(Set<JobState> others) {
            return new Filter(
                    namespaces,
                    others,
                    labels,
                    name,
                    queue,
                    scheduleId,
                    since,
                    until,
                    waiting,
                    object,
                    ids);
        }
    }

    /** The last job of the page before. */
    public record After(Instant submittedAt, UUID id) {}

    private final Database database;

    public Jobs(Database database) {
        this.database = database;
    }

    public Optional<StoredJob> find(JobId id) {
        return database.transaction(handle ->
                handle.createQuery(COLUMNS + " where j.id = :id")
                        .bind("id", id.value())
                        .map((row, context) -> job(row))
                        .findOne());
    }

    public Map<JobId, StoredJob> find(Collection<JobId> ids) {
        UUID[] keys = ids.stream().map(JobId::value).toArray(UUID[]::new);
        Map<JobId, StoredJob> found = new HashMap<>();
        database.inTransaction(handle ->
                handle.createQuery(COLUMNS + " where j.id = any(:ids)")
                        .bind("ids", keys)
                        .map((row, context) -> job(row))
                        .forEach(job -> found.put(job.id(), job)));
        return found;
    }

    /**
     * Newest first, each shown before the next is read: what is shown is kept, and not the trees.
     */
    public <T> List<T> each(Collection<JobId> ids, Function<StoredJob, T> shown) {
        UUID[] keys = ids.stream().map(JobId::value).toArray(UUID[]::new);
        return database.transaction(handle ->
                handle.createQuery(COLUMNS + " where j.id = any(:ids)" + NEWEST_FIRST)
                        .bind("ids", keys)
                        .map((row, context) -> shown.apply(job(row)))
                        .list());
    }

    /** What was seen of its pods. */
    public List<PodRecord> pods(JobId id) {
        return database.statement(handle ->
                handle.createQuery(PODS)
                        .bind("id", id.value())
                        .map((row, context) -> Rows.pod(row))
                        .list());
    }

    /**
     * A job that a filter finds, without what it is.
     *
     * @param bytes of its spec, as text
     */
    public record Found(JobId id, Instant submittedAt, int bytes) {
        public After place() {
            return new After(submittedAt, id.value());
        }
    }

    /** Newest first. */
    public List<Found> list(Filter filter, @Nullable After after, int most) {
        JobConditions conditions = new JobConditions(filter, after);
        return database.transaction(handle -> {
            Query query =
                    handle.createQuery(IDS + conditions.where() + NEWEST_FIRST + " limit :most");
            conditions.values().forEach(query::bind);
            return query.bind("most", most).map((row, context) -> found(row)).list();
        });
    }

    private static Found found(ResultSet row) throws SQLException {
        return new Found(
                new JobId(row.getObject("id", UUID.class)),
                Rows.present(row, "submitted_at"),
                row.getInt("bytes"));
    }

    private static StoredJob job(ResultSet row) throws SQLException {
        StoredTree spec = StoredTree.of(row.getString("spec"));
        return new StoredJob(
                new JobId(row.getObject("id", UUID.class)),
                spec.unreadable() == null ? spec.tree() : columns(row),
                spec.unreadable(),
                row.getString("spec_hash"),
                row.getString("submitted_by"),
                Rows.present(row, "submitted_at"),
                row.getObject("rerun_of", UUID.class),
                row.getObject("schedule_id", UUID.class),
                Rows.instant(row, "planned_at"),
                row.getInt("version"),
                row.getInt("pods"),
                Rows.progress(row),
                queuedFor(row.getString("queued_for")));
    }

    private static @Nullable QueuedFor queuedFor(@Nullable String name) {
        return name == null ? null : QueuedFor.valueOf(name);
    }

    private static Map<String, @Nullable Object> columns(ResultSet row) throws SQLException {
        Map<String, @Nullable Object> tree = new HashMap<>();
        for (String column : List.of("name", "namespace", "queue", "cluster")) {
            tree.put(column, row.getString(column));
        }
        tree.put("labels", StoredTree.of(row.getString("labels")).tree());
        return tree;
    }
}
