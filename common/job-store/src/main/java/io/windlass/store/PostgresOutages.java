package io.windlass.store;

import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.Outages;
import io.windlass.job.PodRecord;
import io.windlass.job.Surroundings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** By the rows of PostgreSQL, and its clock. */
final class PostgresOutages implements OutageBoard {
    private static final int MOST = 10_000;

    private static final String FAILING =
            """
            select p.job_id, p.image, p.node, p.class_since
            from job_pod p join job_state s on s.job_id = p.job_id and s.attempt = p.attempt
            where p.class in ('IMAGE_PULL_FAILED', 'IMAGE_NOT_FOUND') and p.phase = 'Pending' and p.image is not null
                and s.cluster = :cluster and s.finished_at is null
                and (p.class = 'IMAGE_PULL_FAILED' or exists (
                    select from image_start i
                    where i.image = p.image and i.started_at > clock_timestamp() - interval '1 day'))
            order by p.class_since desc limit :most
            """;

    private static final String NOTE =
            """
            insert into outage (cluster, kind, name, since, seen_at)
            values (:cluster, :kind, :name, cast(:since as timestamptz), clock_timestamp())
            on conflict (cluster, kind, name) do update set seen_at = excluded.seen_at
            """;

    private static final String FORGET =
            """
            delete from outage
            where cluster = :cluster and seen_at < clock_timestamp() - cast(:remembered as interval)
            """;

    private static final String OUTAGES =
            "select kind, name, since from outage where cluster = :cluster order by since, kind, name";

    private static final String LOOK =
            """
            update job_state set next_check_at = clock_timestamp()
            where job_id in (
                select job_id from job_state
                where cluster = :cluster and state in ('STARTING', 'RUNNING') and next_check_at > clock_timestamp()
                    and job_id in (
                        select job_id from job_pod
                        where class in ('IMAGE_PULL_FAILED', 'IMAGE_NOT_FOUND') and phase = 'Pending')
                order by job_id for no key update skip locked)
            """;

    /** Started today is enough to know: a row is not touched for each start of a busy image. */
    private static final String STARTED =
            """
            insert into image_start (image, started_at)
            select image, clock_timestamp() from unnest(cast(:images as text[])) as started (image)
            where not exists (
                select from image_start known
                where known.image = started.image and known.started_at > clock_timestamp() - interval '1 hour')
            order by image
            on conflict (image) do update set started_at = excluded.started_at
            """;

    private static final String STARTED_LATELY =
            """
            select image from image_start
            where image = any(:images) and started_at > cast(:now as timestamptz) - interval '1 day'
            """;

    private final Database database;

    PostgresOutages(Database database) {
        this.database = database;
    }

    @Override
    public List<Outages.FailingPull> failing(String cluster) {
        return database.statement(handle ->
                handle.createQuery(FAILING)
                        .bind("cluster", cluster)
                        .bind("most", MOST)
                        .map((row, context) ->
                                new Outages.FailingPull(
                                        new JobId(row.getObject("job_id", UUID.class)),
                                        row.getString("image"),
                                        row.getString("node"),
                                        Rows.present(row, "class_since")))
                        .list());
    }

    @Override
    public List<Surroundings.Outage> note(
            String cluster, List<Surroundings.Outage> on, Duration remembered) {
        return database.transaction(handle -> {
            if (!on.isEmpty()) {
                PreparedBatch batch = handle.prepareBatch(NOTE);
                for (Surroundings.Outage outage : on) {
                    batch.bind("cluster", cluster)
                            .bind("kind", outage.kind().name())
                            .bind("name", outage.name())
                            .bind("since", Rows.time(outage.since()))
                            .add();
                }
                batch.execute();
            }
            handle.createUpdate(FORGET)
                    .bind("cluster", cluster)
                    .bind("remembered", remembered.toMillis() + " milliseconds")
                    .execute();
            return outages(handle, cluster);
        });
    }

    @Override
    public int lookAtThoseThatPull(String cluster) {
        return database.statement(
                handle -> handle.createUpdate(LOOK).bind("cluster", cluster).execute());
    }

    /** Asked only for jobs that wait for an image: to the others none of this matters. */
    static Job around(Handle handle, Job job, Instant now) {
        String[] images =
                job.pods().stream()
                        .filter(PodRecord::waitsForItsImage)
                        .map(PodRecord::image)
                        .filter(Objects::nonNull)
                        .distinct()
                        .toArray(String[]::new);
        if (images.length == 0) {
            return job;
        }
        List<Surroundings.Outage> outages = outages(handle, job.cluster());
        if (outages.isEmpty()) {
            return job;
        }
        Set<String> started =
                Set.copyOf(
                        handle.createQuery(STARTED_LATELY)
                                .bind("images", images)
                                .bind("now", Rows.time(now))
                                .mapTo(String.class)
                                .list());
        return job.amid(new Surroundings(outages, started));
    }

    static void started(Handle handle, Collection<String> images) {
        if (!images.isEmpty()) {
            handle.createUpdate(STARTED)
                    .bind("images", images.stream().distinct().toArray(String[]::new))
                    .execute();
        }
    }

    private static List<Surroundings.Outage> outages(Handle handle, String cluster) {
        return handle.createQuery(OUTAGES)
                .bind("cluster", cluster)
                .map((row, context) -> outage(row))
                .list();
    }

    private static Surroundings.Outage outage(ResultSet row) throws SQLException {
        return new Surroundings.Outage(
                Outages.Kind.valueOf(row.getString("kind")),
                row.getString("name"),
                Rows.present(row, "since"));
    }
}
