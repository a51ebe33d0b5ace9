package io.windlass.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The clusters that have ever been heard of, and whether anything new may go to them. */
public final class Clusters {
    private static final String LIST =
            """
            select c.name, c.identity, c.heartbeat_at, c.paused, c.asked_at, c.answers_identity, c.answers_since,
                (select count(*) from job_state s
                 where s.cluster = c.name and s.state <> 'QUEUED' and not s.settled) as live
            from cluster c
            """;

    private static final String PAUSE =
            """
            insert into cluster (name, paused) values (:name, :paused)
            on conflict (name) do update set paused = excluded.paused
            """;

    /**
     * A name, and what is known of the cluster behind it.
     *
     * @param identity of the cluster that answered first, or first after another was lost
     * @param heartbeatAt when that one answered last
     * @param askedAt when it was asked last who it is, whatever came of it
     * @param answers who answered then; null where nothing did
     * @param liveJobs Jobs that are not deleted yet
     */
    public record StoredCluster(
            String name,
            @Nullable String identity,
            @Nullable Instant heartbeatAt,
            boolean paused,
            @Nullable Instant askedAt,
            @Nullable String answers,
            @Nullable Instant answersSince,
            long liveJobs) {
        public static StoredCluster unheardOf(String name) {
            return new StoredCluster(name, null, null, false, null, null, null, 0);
        }
    }

    private final Database database;

    public Clusters(Database database) {
        this.database = database;
    }

    public List<StoredCluster> list() {
        return database.transaction(handle ->
                handle.createQuery(LIST + " order by c.name").map((row, c) -> cluster(row)).list());
    }

    public Optional<StoredCluster> find(String name) {
        return database.transaction(handle ->
                handle.createQuery(LIST + " where c.name = :name")
                        .bind("name", name)
                        .map((row, c) -> cluster(row))
                        .findOne());
    }

    private static StoredCluster cluster(ResultSet row) throws SQLException {
        return new StoredCluster(
                row.getString("name"),
                row.getString("identity"),
                Rows.instant(row, "heartbeat_at"),
                row.getBoolean("paused"),
                Rows.instant(row, "asked_at"),
                row.getString("answers_identity"),
                Rows.instant(row, "answers_since"),
                row.getLong("live"));
    }

    /** What is queued stays queued; what runs goes on. */
    public void pause(String name, boolean paused) {
        database.inTransaction(handle ->
                handle.createUpdate(PAUSE).bind("name", name).bind("paused", paused).execute());
    }
}
