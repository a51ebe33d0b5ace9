package io.windlass.store;

import io.windlass.job.JobId;
import io.windlass.schedule.Keep;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what nobody needs any more: only jobs that are settled, a few rows in one transaction.
 * Their lines of the feed stay a while longer: whoever is away for an hour misses none.
 */
public final class Retention {
    private static final String EXPIRED =
            """
            select job_id from job_state
            where settled and finished_at < clock_timestamp() - cast(:age as interval)
                and (forget_at is null or forget_at <= clock_timestamp())
            order by finished_at, job_id limit :most
            """;

    private static final String EXPIRED_KEYS =
            """
            delete from idempotency_key where (caller, namespace, key) in (
                select caller, namespace, key from idempotency_key
                where created_at < clock_timestamp() - cast(:age as interval) order by created_at limit :most)
            """;

    private static final String OLD_IMAGE_STARTS =
            "delete from image_start where started_at < clock_timestamp() - interval '1 day'";

    // of the youngest that ended well, and of the youngest that did not, so many stay
    private static final String BEYOND =
            """
            with kept as (
                select * from unnest(cast(:schedules as uuid[]), cast(:succeeded as integer[]), cast(:failed as integer[]),
                    cast(:ages as bigint[])) as kept (schedule_id, succeeded, failed, age_s)),
            ended as (
                select s.job_id, s.finished_at, s.forget_at, age_s, case when s.state = 'SUCCEEDED' then succeeded else failed end as most,
                    row_number() over (partition by s.schedule_id, s.state = 'SUCCEEDED'
                        order by s.finished_at desc, s.job_id desc) as nth
                from kept join job_state s on s.schedule_id = kept.schedule_id and s.settled)
            select job_id from ended
            where (nth > most or finished_at < clock_timestamp() - make_interval(secs => age_s))
                and (forget_at is null or forget_at <= clock_timestamp())
            limit :most
            """;

    private static final String OLD_LINES =
            """
            select job_id from forgotten_job where last_at < clock_timestamp() - cast(:age as interval)
            order by last_at limit :most for update skip locked
            """;

    /** What has no number yet stays until it has one: else nobody would know that it is gone. */
    private static final String DELETE_LINES =
            """
            delete from job_event where (job_id, version) in (
                select job_id, version from job_event where job_id = any(:ids) and seq is not null
                order by job_id, version limit :most)
            """;

    private static final String WITHOUT_LINES =
            """
            delete from forgotten_job f where job_id = any(:ids)
                and not exists (select from job_event e where e.job_id = f.job_id)
            """;

    /** As many are deleted in a second or two. */
    private static final int ROWS = 5_000;

    private static final int JOBS = 500;

    private final Database database;
    private final JobRemoval removal;
    private final int rows;

    public Retention(Database database) {
        this(database, ROWS);
    }

    Retention(Database database, int rows) {
        this.database = database;
        this.removal = new JobRemoval(database, rows);
        this.rows = rows;
    }

    /** How often a job was set aside because it cannot be deleted. */
    public long setAside() {
        return removal.setAside();
    }

    /** Those of them that are settled; how many these were. */
    public int delete(Collection<JobId> jobs) {
        return removal.remove(jobs.stream().map(JobId::value).toArray(UUID[]::new));
    }

    /** The oldest of those that ended longer ago. */
    public int deleteExpired(Duration age, int most) {
        UUID[] expired =
                database.statement(handle ->
                        handle.createQuery(EXPIRED)
                                .bind("age", age.toSeconds() + " seconds")
                                .bind("most", most)
                                .mapTo(UUID.class)
                                .list()
                                .toArray(UUID[]::new));
        return expired.length == 0 ? 0 : removal.remove(expired);
    }

    /** Lines of the feed of jobs that are deleted, the last of which is older; how many. */
    public int deleteOldLines(Duration age) {
        return database.transaction(handle -> {
            UUID[] ids =
                    handle.createQuery(OLD_LINES)
                            .bind("age", age.toSeconds() + " seconds")
                            .bind("most", JOBS)
                            .mapTo(UUID.class)
                            .list()
                            .toArray(UUID[]::new);
            if (ids.length == 0) {
                return 0;
            }
            int lines =
                    handle.createUpdate(DELETE_LINES).bind("ids", ids).bind("most", rows).execute();
            handle.createUpdate(WITHOUT_LINES).bind("ids", ids).execute();
            return lines;
        });
    }

    /** Of jobs of schedules that have ended, some beyond what these keep; how many they were. */
    public int deleteBeyond(Map<UUID, Keep> kept, int most) {
        List<Map.Entry<UUID, Keep>> these = List.copyOf(kept.entrySet());
        List<JobId> beyond =
                database.statement(handle ->
                        handle.createQuery(BEYOND)
                                .bind("schedules", column(these, UUID[]::new, Map.Entry::getKey))
                                .bind(
                                        "succeeded",
                                        column(
                                                these,
                                                Integer[]::new,
                                                e -> e.getValue().succeeded()))
                                .bind(
                                        "failed",
                                        column(these, Integer[]::new, e -> e.getValue().failed()))
                                .bind(
                                        "ages",
                                        column(these, Long[]::new, e -> seconds(e.getValue())))
                                .bind("most", most)
                                .map((row, context) ->
                                        new JobId(row.getObject("job_id", UUID.class)))
                                .list());
        return beyond.isEmpty() ? 0 : delete(beyond);
    }

    private static @Nullable Long seconds(Keep keep) {
        Duration age = keep.age();
        return age == null ? null : age.toSeconds();
    }

    private static <T> T[] column(
            List<Map.Entry<UUID, Keep>> these,
            IntFunction<T[]> array,
            Function<Map.Entry<UUID, Keep>, @Nullable T> value) {
        return these.stream().map(value).toArray(array);
    }

    public int deleteExpiredKeys(Duration age, int most) {
        return database.transaction(handle ->
                handle.createUpdate(EXPIRED_KEYS)
                        .bind("age", age.toSeconds() + " seconds")
                        .bind("most", most)
                        .execute());
    }

    /** Of images that have not started for so long that it tells nothing any more. */
    public int deleteOldImageStarts() {
        return database.statement(handle -> handle.createUpdate(OLD_IMAGE_STARTS).execute());
    }
}
