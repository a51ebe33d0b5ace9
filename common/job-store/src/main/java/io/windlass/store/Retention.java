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
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Deletes what nobody needs any more: only jobs that are settled, a few in one transaction. */
public final class Retention {
    private static final String SETTLED =
            "select job_id from job_state where job_id = any(:ids) and settled for update skip locked";

    private static final String EXPIRED =
            """
            select job_id from job_state
            where settled and finished_at < clock_timestamp() - cast(:age as interval)
            order by finished_at, job_id limit :most for update skip locked
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
                select s.job_id, s.finished_at, age_s, case when s.state = 'SUCCEEDED' then succeeded else failed end as most,
                    row_number() over (partition by s.schedule_id, s.state = 'SUCCEEDED'
                        order by s.finished_at desc, s.job_id desc) as nth
                from kept join job_state s on s.schedule_id = kept.schedule_id and s.settled)
            select job_id from ended
            where nth > most or finished_at < clock_timestamp() - make_interval(secs => age_s)
            limit :most
            """;

    private static final List<String> DELETE =
            List.of(
                    """
                    update schedule_run r set job_state = s.state
                    from job j join job_state s on s.job_id = j.id
                    where j.id = any(:ids) and r.schedule_id = j.schedule_id and r.planned_at = j.planned_at
                    """,
                    "delete from idempotency_key where job_id = any(:ids)",
                    "delete from job_event where job_id = any(:ids)",
                    "delete from job where id = any(:ids)");

    private final Database database;

    public Retention(Database database) {
        this.database = database;
    }

    /** Those of them that are settled; how many these were. */
    public int delete(Collection<JobId> jobs) {
        UUID[] asked = jobs.stream().map(JobId::value).toArray(UUID[]::new);
        return database.transaction(handle ->
                delete(
                        handle,
                        handle.createQuery(SETTLED).bind("ids", asked).mapTo(UUID.class).list()));
    }

    /** The oldest of those that ended longer ago. */
    public int deleteExpired(Duration age, int most) {
        return database.transaction(handle ->
                delete(
                        handle,
                        handle.createQuery(EXPIRED)
                                .bind("age", age.toSeconds() + " seconds")
                                .bind("most", most)
                                .mapTo(UUID.class)
                                .list()));
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

    private static int delete(Handle handle, List<UUID> ids) {
        if (!ids.isEmpty()) {
            UUID[] keys = ids.toArray(UUID[]::new);
            DELETE.forEach(sql -> handle.createUpdate(sql).bind("ids", keys).execute());
        }
        return ids.size();
    }
}
