package io.windlass.store;

import io.windlass.job.JobId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

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

    private static final List<String> DELETE =
            List.of(
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
