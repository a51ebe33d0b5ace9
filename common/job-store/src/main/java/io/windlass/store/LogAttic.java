package io.windlass.store;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How logs are forgotten: what is too old, or too much, keeps its receipt only. A log says at once
 * that it is dropped; its pieces go a few at a time.
 */
public final class LogAttic {
    private static final String OLD =
            """
            select id from log
            where closed_at < clock_timestamp() - cast(:age as interval) and dropped_at is null
            order by closed_at limit :most
            """;

    private static final String TOO_MUCH =
            """
            select id from (
                select id, sum(stored) over (order by closed_at desc, id desc) as younger
                from log where closed_at is not null and dropped_at is null) counted
            where younger > :bytes order by younger desc limit :most
            """;

    /** What is stored of it is counted down only once its pieces are gone. */
    private static final String DROP =
            "update log set dropped_at = clock_timestamp() where id = any(:ids) and dropped_at is null";

    private static final String WITH_PIECES =
            "select id from log where dropped_at is not null and stored > 0 order by id limit :most";

    private static final String DELETE_PIECES =
            """
            delete from log_piece where (log_id, from_byte) in (
                select log_id, from_byte from log_piece where log_id = any(:ids)
                order by log_id, from_byte limit :most)
            """;

    private static final String WITHOUT_PIECES =
            """
            update log l set stored = 0 where id = any(:ids)
                and not exists (select from log_piece p where p.log_id = l.id)
            """;

    private static final String GARBAGE =
            """
            update log_garbage set doomed = true where key in (
                select key from log_garbage where due_at < clock_timestamp()
                order by due_at limit :most for update skip locked)
            returning key
            """;

    private static final String CLEARED = "delete from log_garbage where key = any(:keys)";

    private static final Logger LOG = LoggerFactory.getLogger(LogAttic.class);
    private static final int LOGS = 100;

    private final Database database;

    public LogAttic(Database database) {
        this.database = database;
    }

    /** Logs that were closed longer ago; how many these were. */
    public int dropOlderThan(Duration age, int most) {
        List<Long> old =
                database.statement(handle ->
                        handle.createQuery(OLD)
                                .bind("age", age.toSeconds() + " seconds")
                                .bind("most", most)
                                .mapTo(Long.class)
                                .list());
        return together(old, DROP);
    }

    /** The oldest, until all others together are no more than so many bytes as stored. */
    public int dropBeyond(long bytes, int most) {
        List<Long> tooMuch =
                database.statement(handle ->
                        handle.createQuery(TOO_MUCH)
                                .bind("bytes", bytes)
                                .bind("most", most)
                                .mapTo(Long.class)
                                .list());
        return together(tooMuch, DROP);
    }

    /**
     * Of logs that are dropped, a few at a time, for one may have millions; how many these were.
     */
    public int deletePieces(int most) {
        List<Long> logs =
                database.statement(handle ->
                        handle.createQuery(WITH_PIECES)
                                .bind("most", LOGS)
                                .mapTo(Long.class)
                                .list());
        return together(logs, ids -> deletePieces(ids, most));
    }

    private int deletePieces(Long[] logs, int most) {
        return database.transaction(handle -> {
            int pieces =
                    handle.createUpdate(DELETE_PIECES)
                            .bind("ids", logs)
                            .bind("most", most)
                            .execute();
            return pieces + handle.createUpdate(WITHOUT_PIECES).bind("ids", logs).execute();
        });
    }

    private interface Work {
        int on(Long[] logs);
    }

    private int together(List<Long> logs, String sql) {
        return together(
                logs,
                ids ->
                        database.statement(
                                handle -> handle.createUpdate(sql).bind("ids", ids).execute()));
    }

    /** One by one where it does not work together. */
    private static int together(List<Long> logs, Work work) {
        if (logs.isEmpty()) {
            return 0;
        }
        try {
            return work.on(logs.toArray(Long[]::new));
        } catch (StoreException e) {
            if (logs.size() == 1) {
                LOG.warn("log {} cannot be dropped: {}", logs.getFirst(), e.getMessage());
                return 0;
            }
            return logs.stream().mapToInt(log -> together(List.of(log), work)).sum();
        }
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
