package io.windlass.store;

import io.windlass.job.JobId;
import io.windlass.log.Loss;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The side of the logs that reads: which there are, and what is kept of them. */
public final class LogShelf {
    private static final String LOG =
            """
            select l.id, l.job_id, l.pod_uid, p.pod, p.nth, p.cluster, p.namespace, l.container, l.ordinal, l.init, l.bytes,
                l.lines, l.omitted_from, l.omitted_to, l.losses::text as losses, l.sha256, l.closed_at, l.dropped_at,
                case when l.closed_at is null and p.lease_until > clock_timestamp() then p.address end as live_at
            from log l join log_pod p on p.job_id = l.job_id and p.pod_uid = l.pod_uid
            """;

    private static final String PIECES =
            """
            select from_byte, bytes, lines, last_nanos, object_key from log_piece
            where log_id = :id and from_byte + bytes > :offset order by from_byte limit :most
            """;

    private static final String BACKWARDS =
            """
            select from_byte, bytes, lines, last_nanos, object_key from log_piece
            where log_id = :id order by from_byte desc
            """;

    private static final String FIRST_AFTER =
            """
            select from_byte, bytes, lines, last_nanos, object_key from log_piece
            where log_id = :id and last_nanos >= :nanos order by from_byte limit 1
            """;

    private static final String GATEWAY =
            """
            select address from gateway where cluster = :cluster and seen_at > clock_timestamp() - cast(:fresh as interval)
            order by seen_at desc
            """;

    private static final String SEEN =
            """
            insert into gateway (cluster, address, seen_at, nodes_without_logs)
            values (:cluster, :address, clock_timestamp(), cast(:nodes as jsonb))
            on conflict (cluster, address) do update set seen_at = excluded.seen_at,
                nodes_without_logs = excluded.nodes_without_logs
            """;

    // as each gateway knows it; the newest word of a node counts
    private static final String WITHOUT_LOGS =
            """
            select g.cluster, n.node, (array_agg(n.answer order by g.seen_at desc))[1] as answer, min(n.since) as since
            from gateway g, jsonb_to_recordset(g.nodes_without_logs) as n(node text, answer text, since timestamptz)
            where g.seen_at > clock_timestamp() - cast(:fresh as interval)
            group by g.cluster, n.node order by g.cluster, n.node
            """;

    private static final String BURIED =
            "delete from gateway where seen_at < clock_timestamp() - interval '1 hour'";

    private final Database database;

    public LogShelf(Database database) {
        this.database = database;
    }

    /**
     * A container's log.
     *
     * @param nth the how manieth pod of its job that ran
     * @param omittedFrom from here to {@code omittedTo} it was too long to be kept
     * @param sha256 of all that was read, kept or not; null until it is closed
     * @param droppedAt since when nothing of it is kept any more
     * @param liveAt where it is followed now
     */
    public record StoredLog(
            long id,
            JobId jobId,
            String podUid,
            String pod,
            int nth,
            String cluster,
            String namespace,
            String container,
            int ordinal,
            boolean init,
            long bytes,
            long lines,
            long omittedFrom,
            long omittedTo,
            List<Loss> losses,
            @Nullable String sha256,
            @Nullable Instant closedAt,
            @Nullable Instant droppedAt,
            @Nullable String liveAt) {
        public boolean closed() {
            return closedAt != null;
        }
    }

    /** Where a stretch of a log lies. */
    public record PieceAt(long from, int bytes, int lines, long lastNanos, String key) {
        public long to() {
            return from + bytes;
        }
    }

    /** By pod, as they ran, and by container, as their specs have them. */
    public List<StoredLog> ofJob(JobId job) {
        return database.statement(handle ->
                handle.createQuery(LOG + " where l.job_id = :job_id order by p.nth, l.ordinal")
                        .bind("job_id", job.value())
                        .map((row, context) -> log(row))
                        .list());
    }

    public Optional<StoredLog> find(long id) {
        return database.statement(handle ->
                handle.createQuery(LOG + " where l.id = :id")
                        .bind("id", id)
                        .map((row, context) -> log(row))
                        .findOne());
    }

    private static StoredLog log(ResultSet row) throws SQLException {
        return new StoredLog(
                row.getLong("id"),
                new JobId(row.getObject("job_id", UUID.class)),
                row.getString("pod_uid"),
                row.getString("pod"),
                row.getInt("nth"),
                row.getString("cluster"),
                row.getString("namespace"),
                row.getString("container"),
                row.getInt("ordinal"),
                row.getBoolean("init"),
                row.getLong("bytes"),
                row.getLong("lines"),
                row.getLong("omitted_from"),
                row.getLong("omitted_to"),
                LogTrees.losses(row.getString("losses")),
                row.getString("sha256"),
                Rows.instant(row, "closed_at"),
                Rows.instant(row, "dropped_at"),
                row.getString("live_at"));
    }

    /** Those that reach beyond an offset, in order. */
    public List<PieceAt> pieces(long log, long offset, int most) {
        return database.statement(handle ->
                handle.createQuery(PIECES)
                        .bind("id", log)
                        .bind("offset", offset)
                        .bind("most", most)
                        .map((row, context) -> piece(row))
                        .list());
    }

    /** The last ones, the last first, until they have so many lines. */
    public List<PieceAt> lastPieces(long log, long lines) {
        return database.statement(handle -> {
            try (var pieces =
                    handle
                            .createQuery(BACKWARDS)
                            .bind("id", log)
                            .setFetchSize(200)
                            .map((row, context) -> piece(row))
                            .stream()) {
                long[] counted = {0};
                return pieces.takeWhile(
                                piece -> {
                                    boolean wanted = counted[0] <= lines;
                                    counted[0] += piece.lines();
                                    return wanted;
                                })
                        .toList();
            }
        });
    }

    /** The first in which a line was written then or later. */
    public Optional<PieceAt> firstAfter(long log, long nanos) {
        return database.statement(handle ->
                handle.createQuery(FIRST_AFTER)
                        .bind("id", log)
                        .bind("nanos", nanos)
                        .map((row, context) -> piece(row))
                        .findOne());
    }

    private static PieceAt piece(ResultSet row) throws SQLException {
        return new PieceAt(
                row.getLong("from_byte"),
                row.getInt("bytes"),
                row.getInt("lines"),
                row.getLong("last_nanos"),
                row.getString("object_key"));
    }

    /** Gateways of a cluster that gave a sign lately, the latest first. */
    public List<String> gateways(String cluster, Duration fresh) {
        return database.statement(handle ->
                handle.createQuery(GATEWAY)
                        .bind("cluster", cluster)
                        .bind("fresh", fresh.toMillis() + " milliseconds")
                        .mapTo(String.class)
                        .list());
    }

    /** A node whose pods' logs nobody can read, and what it answers. */
    public record NodeWithoutLogs(String node, String answer, Instant since) {}

    public void gatewayLives(String cluster, String address, List<NodeWithoutLogs> nodes) {
        database.inTransaction(handle -> {
            handle.createUpdate(SEEN)
                    .bind("cluster", cluster)
                    .bind("address", address)
                    .bind("nodes", LogTrees.nodes(nodes))
                    .execute();
            handle.createUpdate(BURIED).execute();
        });
    }

    /** By cluster, as its gateways have told lately. */
    public Map<String, List<NodeWithoutLogs>> nodesWithoutLogs(Duration fresh) {
        return database.statement(handle -> {
            Map<String, List<NodeWithoutLogs>> nodes = new LinkedHashMap<>();
            handle.createQuery(WITHOUT_LOGS)
                    .bind("fresh", fresh.toMillis() + " milliseconds")
                    .map((row, context) -> Map.entry(row.getString("cluster"), node(row)))
                    .forEach(e ->
                            nodes.computeIfAbsent(e.getKey(), _ -> new ArrayList<>())
                                    .add(e.getValue()));
            return nodes;
        });
    }

    private static NodeWithoutLogs node(ResultSet row) throws SQLException {
        return new NodeWithoutLogs(
                row.getString("node"), row.getString("answer"), Rows.present(row, "since"));
    }
}
