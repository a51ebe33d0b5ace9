package io.windlass.store;

import io.windlass.job.BoundedText;
import io.windlass.job.JobId;
import io.windlass.log.LogReading;
import io.windlass.log.Loss;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** In a transaction of PostgreSQL. */
final class PostgresLosses implements Losses {
    // those that wait to take a name have no uid; one that has taken it in this cluster is ended
    // anew
    private static final String LEFT_OF =
            """
            from job_state where cluster = %1$s and state <> 'QUEUED' and not settled
                and cluster_identity = %2$s and (lost_identity is distinct from %2$s or kubernetes_uid is not null)
            """;

    private static final String LEFT = LEFT_OF.formatted(":cluster", ":identity");

    private static final String DUE = "and (lose_at is null or lose_at <= clock_timestamp())";

    // one whose last jobs are set aside keeps no later one waiting
    private static final String OPEN =
            """
            select identity, coalesce(found_by, declared_by) as by, found_at is not null as found, heard_at from cluster_lost l
            where cluster = :cluster and done_at is null
            order by case when found_at is not null or exists (select %1$s %2$s) then 0 when not exists (select %1$s) then 1 else 2 end,
                declared_at
            limit 1 for update skip locked
            """
                    .formatted(LEFT_OF.formatted("l.cluster", "l.identity"), DUE);

    private static final String TO_END =
            "select job_id " + LEFT + DUE + " order by job_id limit :most";

    private static final String ENDED =
            """
            update job_state set lost_identity = :identity, lose_tries = 0, lose_at = null, lose_error = null,
                check_tries = 0, check_since = null, check_error = null
            where job_id = any(:ids)
            """;

    private static final String SET_ASIDE =
            """
            update job_state set lose_tries = lose_tries + 1, lose_error = :error, lose_at = clock_timestamp() + %s
            where job_id = :id
            """
                    .formatted(SetAside.restAfter("lose_tries"));

    private static final String TO_TELL =
            """
            select job_id from job_state
            where cluster = :cluster and lost_identity = :identity and job_id > coalesce(
                (select told_to from cluster_lost where cluster = :cluster and identity = :identity),
                '00000000-0000-0000-0000-000000000000')
            order by job_id limit :most
            """;

    private static final String TOLD =
            "update cluster_lost set told_to = :id where cluster = :cluster and identity = :identity";

    // who claimed before the declaration was there may not have committed yet
    private static final String DONE =
            """
            update cluster_lost set done_at = clock_timestamp()
            where cluster = :cluster and identity = :identity and (found_at is not null
                or declared_at < clock_timestamp() - interval '1 minute' and not exists (select %s))
            """
                    .formatted(LEFT);

    private static final String OPEN_LOGS =
            """
            select id, bytes, lines, resume::text as resume, losses::text as losses from log
            where job_id = any(:ids) and closed_at is null order by id for update
            """;

    private static final String CLOSE_LOG =
            """
            update log set losses = cast(:losses as jsonb), sha256 = :sha256, closed_at = clock_timestamp(),
                stored = (select coalesce(sum(stored), 0) from log_piece where log_id = :id),
                set_aside_tries = 0, set_aside_since = null, set_aside_until = null, set_aside_error = null
            where id = :id
            """;

    private static final String CLOSE_PODS =
            """
            update log_pod set closed_at = clock_timestamp(), lease_until = clock_timestamp()
            where job_id = any(:ids) and closed_at is null
            """;

    private record OpenLog(long id, LogReading reading) {}

    private final Handle handle;

    PostgresLosses(Handle handle) {
        this.handle = handle;
    }

    @Override
    public Optional<Declaration> open(String cluster) {
        return handle.createQuery(OPEN)
                .bind("cluster", cluster)
                .map((row, context) ->
                        new Declaration(
                                cluster,
                                row.getString("identity"),
                                row.getString("by"),
                                row.getBoolean("found"),
                                Rows.present(row, "heard_at")))
                .findOne();
    }

    @Override
    public List<JobId> toEnd(Declaration lost, int most) {
        return some(TO_END, lost, most);
    }

    @Override
    public List<JobId> toTell(Declaration found, int most) {
        return some(TO_TELL, found, most);
    }

    private List<JobId> some(String sql, Declaration declaration, int most) {
        Query query = handle.createQuery(sql).bind("most", most);
        return query.bind("cluster", declaration.cluster())
                .bind("identity", declaration.identity())
                .map((row, context) -> new JobId(row.getObject("job_id", UUID.class)))
                .list();
    }

    @Override
    public void closeLogs(Collection<JobId> jobs) {
        UUID[] ids = ids(jobs);
        List<OpenLog> open =
                handle.createQuery(OPEN_LOGS)
                        .bind("ids", ids)
                        .map((row, context) -> new OpenLog(row.getLong("id"), reading(row)))
                        .list();
        for (OpenLog log : open) {
            log.reading().lost(Loss.Why.POD_GONE, "its cluster was declared lost");
            handle.createUpdate(CLOSE_LOG)
                    .bind("id", log.id())
                    .bind("losses", LogTrees.losses(log.reading().losses()))
                    .bind("sha256", log.reading().sha256())
                    .execute();
        }
        handle.createUpdate(CLOSE_PODS).bind("ids", ids).execute();
    }

    private static LogReading reading(ResultSet row) throws SQLException {
        return LogReading.takenUp(
                LogTrees.state(
                        row.getLong("bytes"),
                        row.getLong("lines"),
                        row.getString("resume"),
                        row.getString("losses")));
    }

    @Override
    public void ended(Declaration lost, Collection<JobId> jobs) {
        handle.createUpdate(ENDED)
                .bind("identity", lost.identity())
                .bind("ids", ids(jobs))
                .execute();
    }

    @Override
    public void setAside(JobId job, String error) {
        handle.createUpdate(SET_ASIDE)
                .bind("id", job.value())
                .bind("error", BoundedText.of(error, SetAside.LONGEST_ERROR))
                .execute();
    }

    @Override
    public void told(Declaration found, JobId last) {
        handle.createUpdate(TOLD)
                .bind("id", last.value())
                .bind("cluster", found.cluster())
                .bind("identity", found.identity())
                .execute();
    }

    @Override
    public boolean workedOff(Declaration declaration) {
        return handle.createUpdate(DONE)
                        .bind("cluster", declaration.cluster())
                        .bind("identity", declaration.identity())
                        .execute()
                > 0;
    }

    private static UUID[] ids(Collection<JobId> jobs) {
        return jobs.stream().map(JobId::value).toArray(UUID[]::new);
    }
}
