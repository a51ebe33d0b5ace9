package io.windlass.store;

import io.windlass.job.BoundedText;
import io.windlass.log.LogReading;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * How logs grow: which pieces there are, and how far each was read. Every write names its holder
 * and the length that it was made for, so that one who was taken for dead writes nothing.
 */
public final class LogKeeping {
    private static final String GROW =
            """
            update log l set bytes = :bytes, lines = :lines, omitted_from = :omitted_from, omitted_to = :omitted_to,
                resume = cast(:resume as jsonb), losses = cast(:losses as jsonb),
                set_aside_tries = 0, set_aside_since = null, set_aside_until = null, set_aside_error = null,
                sha256 = :sha256,
                closed_at = case when cast(:sha256 as text) is null then null else clock_timestamp() end,
                stored = case when cast(:sha256 as text) is null then 0
                    else (select coalesce(sum(stored), 0) from log_piece where log_id = :id) + :last_stored end
            from log_pod p
            where l.id = :id and l.bytes = :expected and l.closed_at is null
                and p.job_id = l.job_id and p.pod_uid = l.pod_uid and p.holder = :holder
            """;

    private static final String SET_ASIDE =
            """
            update log set set_aside_tries = set_aside_tries + 1,
                set_aside_since = coalesce(set_aside_since, clock_timestamp()), set_aside_error = :error,
                set_aside_until = clock_timestamp()
                    + %s
            where id = :id and closed_at is null
            """
                    .formatted(SetAside.restAfter("set_aside_tries"));

    private static final String PIECE =
            """
            insert into log_piece (log_id, from_byte, bytes, lines, last_nanos, stored, object_key)
            values (:log_id, :from_byte, :bytes, :lines, :last_nanos, :stored, :object_key)
            """;

    // far longer than it takes to put an object and to write the row
    private static final String ANNOUNCE =
            """
            insert into log_garbage (key, due_at) values (:key, clock_timestamp() + interval '1 hour')
            on conflict (key) do update set due_at = excluded.due_at
            """;

    private static final String ANNOUNCED =
            "select key from log_garbage where key = any(:keys) and not doomed order by key for update";

    private static final String TOLD = "delete from log_garbage where key = any(:keys)";

    private static final String DROP =
            "delete from log_piece where log_id = :log_id and from_byte = any(:gone)";

    private final Database database;

    public LogKeeping(Database database) {
        this.database = database;
    }

    /** A piece that lies in the store of objects already. */
    public record NewPiece(
            long from, int bytes, int lines, long lastNanos, int stored, String key) {}

    /**
     * What is new of a log.
     *
     * @param expected how long it was before
     * @param sha256 of all of it, where it is closed with this
     */
    public record Growth(
            long log,
            long expected,
            LogReading.State state,
            long omittedFrom,
            long omittedTo,
            List<NewPiece> pieces,
            List<Long> gone,
            Optional<String> sha256) {

        List<String> keys() {
            return pieces.stream().map(NewPiece::key).toList();
        }
    }

    /**
     * Objects that are about to be put, under keys that nobody else uses: garbage, until a piece
     * tells of them. So none stays behind, whoever dies in between. Never again once a piece may
     * tell of them.
     */
    public void announce(Collection<String> keys) {
        database.inTransaction(handle -> {
            PreparedBatch batch = handle.prepareBatch(ANNOUNCE);
            keys.forEach(key -> batch.bind("key", key).add());
            batch.execute();
        });
    }

    /**
     * All in one transaction; those that were not written are another's by now, or gone, or came so
     * late that their objects are.
     */
    public Set<Long> write(List<Growth> growths, LogClaims.Holder holder) {
        return database.transaction(handle -> {
            Set<String> there = announced(handle, growths);
            List<Growth> written =
                    grow(
                            handle,
                            growths.stream().filter(g -> there.containsAll(g.keys())).toList(),
                            holder);
            writePieces(handle, written);
            Set<Long> refused = new HashSet<>();
            growths.forEach(growth -> refused.add(growth.log()));
            written.forEach(growth -> refused.remove(growth.log()));
            return refused;
        });
    }

    /** Until its time nobody tries to write it, after a restart neither; its growth ends that. */
    public void setAside(long log, String error) {
        database.statement(handle ->
                handle.createUpdate(SET_ASIDE)
                        .bind("id", log)
                        .bind("error", BoundedText.of(error, SetAside.LONGEST_ERROR))
                        .execute());
    }

    private static Set<String> announced(Handle handle, List<Growth> growths) {
        return handle.createQuery(ANNOUNCED)
                .bind("keys", keys(growths))
                .mapTo(String.class)
                .collect(Collectors.toSet());
    }

    private static String[] keys(List<Growth> growths) {
        return growths.stream().flatMap(g -> g.keys().stream()).toArray(String[]::new);
    }

    private static List<Growth> grow(Handle handle, List<Growth> growths, LogClaims.Holder holder) {
        if (growths.isEmpty()) {
            return List.of();
        }
        PreparedBatch batch = handle.prepareBatch(GROW);
        growths.forEach(growth -> bind(batch, growth, holder));
        int[] counts = batch.execute();
        return IntStream.range(0, counts.length)
                .filter(i -> counts[i] > 0)
                .mapToObj(growths::get)
                .toList();
    }

    private static void bind(PreparedBatch batch, Growth growth, LogClaims.Holder holder) {
        Map<String, Object> values = new HashMap<>();
        values.put("id", growth.log());
        values.put("expected", growth.expected());
        values.put("bytes", growth.state().bytes());
        values.put("lines", growth.state().lines());
        values.put("omitted_from", growth.omittedFrom());
        values.put("omitted_to", growth.omittedTo());
        values.put("resume", LogTrees.resume(growth.state()));
        values.put("losses", LogTrees.losses(growth.state().losses()));
        values.put("holder", holder.id());
        values.put("last_stored", growth.pieces().stream().mapToLong(NewPiece::stored).sum());
        batch.bindMap(values).bind("sha256", growth.sha256().orElse(null)).add();
    }

    private static void writePieces(Handle handle, List<Growth> written) {
        PreparedBatch pieces = handle.prepareBatch(PIECE);
        for (Growth growth : written) {
            for (NewPiece piece : growth.pieces()) {
                pieces.bind("log_id", growth.log())
                        .bind("from_byte", piece.from())
                        .bind("bytes", piece.bytes())
                        .bind("lines", piece.lines())
                        .bind("last_nanos", piece.lastNanos())
                        .bind("stored", piece.stored())
                        .bind("object_key", piece.key())
                        .add();
            }
            if (!growth.gone().isEmpty()) {
                handle.createUpdate(DROP)
                        .bind("log_id", growth.log())
                        .bind("gone", growth.gone().toArray(Long[]::new))
                        .execute();
            }
        }
        if (pieces.size() > 0) {
            pieces.execute();
            handle.createUpdate(TOLD).bind("keys", keys(written)).execute();
        }
    }
}
