package io.windlass.store;

import io.windlass.job.JobId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** What an admitter asks PostgreSQL for, in its transaction. */
final class PostgresAdmission {
    private static final String LOCK =
            "select pg_try_advisory_xact_lock(hashtextextended('windlass admission ' || :cluster, 0))";

    private static final String PAUSED = "select paused from cluster where name = :cluster";

    // of a pod without a node nothing is said but by its scheduler: one that no scheduler minds
    // waits for ever
    private static final String USE =
            """
            select coalesce(namespace, '') as namespace,
                count(*) filter (where finished_at is null or takeovers = 0 or pods_remain_since is not null) as jobs,
                coalesce(sum(weight) filter (where finished_at is null or pods_remain_since is not null), 0) as pods,
                count(*) filter (where state = 'STARTING') as starting,
                count(*) filter (where state = 'STARTING'
                    and (waits_for_room_since is null or waits_for_room_since > :countsSince)
                    and (coalesce(job_seen_at, admitted_at) > :countsSince or not exists (
                        select from job_pod p
                        where p.job_id = s.job_id and p.phase = 'Pending' and p.node is null and p.class is null))) as pending
            from job_state s where cluster = :cluster and state <> 'QUEUED' and not settled
            group by 1
            """;

    private static final String QUEUED_RUN =
            "cluster = :cluster and state = 'QUEUED' and desired = 'RUN'";

    /**
     * From one namespace to the next, however many of the first are before the first of another.
     */
    private static final String NEXT =
            """
            with recursive namespaces (namespace) as (
                (select coalesce(namespace, '') from job_state where %1$s order by coalesce(namespace, '') limit 1)
                union all
                select (select coalesce(namespace, '') from job_state
                    where %1$s and coalesce(namespace, '') > before.namespace order by coalesce(namespace, '') limit 1)
                from namespaces before where before.namespace is not null)
            select first.job_id, each.namespace, first.weight
            from (select namespace, count(*) over () as number from namespaces where namespace is not null) each
            cross join lateral (
                select job_id, rank, weight from job_state
                where %1$s and coalesce(namespace, '') = each.namespace and job_id <> all(:but)
                order by rank, job_id limit greatest(1, least(:most, :all / each.number))) first
            order by first.rank, first.job_id
            """
                    .formatted(QUEUED_RUN);

    private static final long CANDIDATES = 2_000;

    private PostgresAdmission() {}

    /** Until the end of the transaction nobody else admits. */
    static boolean isAllowed(Handle handle, String cluster) {
        return handle.createQuery(LOCK).bind("cluster", cluster).mapTo(Boolean.class).one()
                && !handle.createQuery(PAUSED)
                        .bind("cluster", cluster)
                        .mapTo(Boolean.class)
                        .findOne()
                        .orElse(false);
    }

    static Progressions.Use use(Handle handle, String cluster, Instant pendingSince) {
        return new Progressions.Use(
                handle.createQuery(USE)
                        .bind("cluster", cluster)
                        .bind("countsSince", Rows.time(pendingSince))
                        .map((row, context) ->
                                new Progressions.NamespaceUse(
                                        row.getString("namespace"),
                                        row.getInt("jobs"),
                                        row.getLong("pods"),
                                        row.getInt("starting"),
                                        row.getInt("pending")))
                        .list());
    }

    static List<Progressions.Candidate> queued(
            Handle handle, String cluster, int most, Collection<JobId> but) {
        return handle.createQuery(NEXT)
                .bind("cluster", cluster)
                .bind("most", most)
                .bind("all", CANDIDATES)
                .bind("but", but.stream().map(JobId::value).toArray(UUID[]::new))
                .map((row, context) ->
                        new Progressions.Candidate(
                                new JobId(row.getObject("job_id", UUID.class)),
                                row.getString("namespace"),
                                row.getInt("weight")))
                .list();
    }
}
