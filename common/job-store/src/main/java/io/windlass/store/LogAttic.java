package io.windlass.store;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** How logs are forgotten: what is too old, or too much, keeps its receipt only. */
public final class LogAttic {
    private static final String OLD =
            """
            select id from log
            where closed_at < clock_timestamp() - cast(:age as interval) and dropped_at is null
            order by closed_at limit :most for update skip locked
            """;

    private static final String TOO_MUCH =
            """
            select id from (
                select id, sum(stored) over (order by closed_at desc, id desc) as younger
                from log where closed_at is not null and dropped_at is null) counted
            where younger > :bytes order by younger desc limit :most
            """;

    private static final String DROP_PIECES = "delete from log_piece where log_id = any(:ids)";

    private static final String DROPPED =
            "update log set dropped_at = clock_timestamp(), stored = 0 where id = any(:ids) and dropped_at is null";

    private static final String GARBAGE =
            """
            update log_garbage set doomed = true where key in (
                select key from log_garbage where due_at < clock_timestamp()
                order by due_at limit :most for update skip locked)
            returning key
            """;

    private static final String CLEARED = "delete from log_garbage where key = any(:keys)";

    private final Database database;

    public LogAttic(Database database) {
        this.database = database;
    }

    /** Logs that were closed longer ago; how many these were. */
    public int dropOlderThan(Duration age, int most) {
        return database.transaction(handle ->
                drop(
                        handle,
                        handle.createQuery(OLD)
                                .bind("age", age.toSeconds() + " seconds")
                                .bind("most", most)
                                .mapTo(Long.class)
                                .list()));
    }

    /** The oldest, until all others together are no more than so many bytes as stored. */
    public int dropBeyond(long bytes, int most) {
        return database.transaction(handle ->
                drop(
                        handle,
                        handle.createQuery(TOO_MUCH)
                                .bind("bytes", bytes)
                                .bind("most", most)
                                .mapTo(Long.class)
                                .list()));
    }

    private static int drop(Handle handle, List<Long> logs) {
        if (logs.isEmpty()) {
            return 0;
        }
        Long[] ids = logs.toArray(Long[]::new);
        handle.createUpdate(DROP_PIECES).bind("ids", ids).execute();
        return handle.createUpdate(DROPPED).bind("ids", ids).execute();
    }

    /** Keys of objects that no piece tells of, nor ever will. */
    public List<String> garbage(int most) {
        return database.statement(handle ->
                handle.createQuery(GARBAGE).bind("most", most).mapTo(String.class).list());
    }

    public void cleared(Collection<String> keys) {
        database.statement(handle ->
                handle.createUpdate(CLEARED).bind("keys", keys.toArray(String[]::new)).execute());
    }
}
