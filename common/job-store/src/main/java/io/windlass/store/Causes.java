package io.windlass.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why jobs wait now, those in the same trouble told once. */
public final class Causes {
    /** An image or a registry is the same for all namespaces; a Secret is not. */
    private static final String GROUPS =
            """
            select class, object, cluster, namespace, min(since) as since, min(verdict_at) as verdict_at,
                count(*) as jobs, count(distinct schedule_id) as schedules,
                (array_agg(message order by since))[1] as cause
            from (
                select s.waiting ->> 'class' as class, s.waiting ->> 'object' as object, s.cluster,
                    case when s.waiting ->> 'object' ~ '^(image|registry) ' then null else j.namespace end as namespace,
                    (s.waiting ->> 'since')::timestamptz as since, (s.waiting ->> 'verdictAt')::timestamptz as verdict_at,
                    s.waiting ->> 'message' as message, j.schedule_id
                from job_state s join job j on j.id = s.job_id
                where s.waiting is not null and not s.settled
                    and (cast(:namespaces as text[]) is null or j.namespace = any(:namespaces))) live
            group by class, object, cluster, namespace
            order by jobs desc, since, class, object limit :most
            """;

    /**
     * One trouble and how many are in it.
     *
     * @param cause as the job that waits longest tells it
     * @param namespace null where what is at fault belongs to none
     * @param verdictAt when the first of them fails if nothing changes
     */
    public record Cause(
            String waitClass,
            String cause,
            @Nullable String object,
            String cluster,
            @Nullable String namespace,
            Instant since,
            @Nullable Instant verdictAt,
            long jobs,
            long schedules) {}

    private final Database database;

    public Causes(Database database) {
        this.database = database;
    }

    /** Those that stop most jobs first; null namespaces mean all. */
    public List<Cause> live(@Nullable Collection<String> namespaces, int most) {
        return database.statement(handle ->
                handle.createQuery(GROUPS)
                        .bind(
                                "namespaces",
                                namespaces == null ? null : namespaces.toArray(String[]::new))
                        .bind("most", most)
                        .map((row, context) -> cause(row))
                        .list());
    }

    private static Cause cause(ResultSet row) throws SQLException {
        return new Cause(
                row.getString("class"),
                row.getString("cause"),
                row.getString("object"),
                row.getString("cluster"),
                row.getString("namespace"),
                Rows.present(row, "since"),
                Rows.instant(row, "verdict_at"),
                row.getLong("jobs"),
                row.getLong("schedules"));
    }
}
