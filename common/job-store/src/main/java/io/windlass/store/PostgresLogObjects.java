package io.windlass.store;

import io.windlass.log.LogObjects;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Pieces of logs as rows: what is used where no other store is configured. */
public final class PostgresLogObjects implements LogObjects {
    private static final String PUT =
            "insert into log_object (key, data) values (:key, :data) on conflict (key) do update set data = excluded.data";

    private static final String GET = "select data from log_object where key = :key";

    private static final String DELETE = "delete from log_object where key = any(:keys)";

    private final Database database;

    public PostgresLogObjects(Database database) {
        this.database = database;
    }

    /** In one order, so that two who put the same do not wait for each other. */
    @Override
    public void put(Map<String, byte[]> objects) {
        away(() -> {
            database.inTransaction(handle -> {
                PreparedBatch batch = handle.prepareBatch(PUT);
                new TreeMap<>(objects)
                        .forEach((key, data) -> batch.bind("key", key).bind("data", data).add());
                if (!objects.isEmpty()) {
                    batch.execute();
                }
            });
            return true;
        });
    }

    @Override
    public Optional<byte[]> get(String key) {
        return away(() ->
                database.statement(handle ->
                        handle.createQuery(GET)
                                .bind("key", key)
                                .map((row, context) -> row.getBytes(1))
                                .findOne()));
    }

    @Override
    public void delete(Collection<String> keys) {
        away(() ->
                database.statement(handle ->
                        handle.createUpdate(DELETE)
                                .bind("keys", keys.toArray(String[]::new))
                                .execute()));
    }

    private interface Work<T> {
        T run();
    }

    private static <T> T away(Work<T> work) {
        try {
            return work.run();
        } catch (DatabaseAwayException e) {
            throw new AwayException("the database is away", e);
        }
    }
}
