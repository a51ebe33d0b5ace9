package io.windlass.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Where somebody declares a cluster lost, or takes that back. */
public final class ClusterLosses {
    private static final String LOSSES =
            """
            select l.cluster, l.identity, l.declared_at, l.declared_by, l.found_at, l.found_by, l.done_at,
                (select count(*) from job_state s
                 where s.cluster = l.cluster and s.state <> 'QUEUED' and not s.settled and l.found_at is null
                    and s.cluster_identity = l.identity
                    and (s.lost_identity is distinct from l.identity or s.kubernetes_uid is not null)) as left_to_end
            from cluster_lost l
            """;

    // a row without an identity counts to the cluster that has the name
    private static final String COUNT =
            """
            select count(*) filter (where finished_at is null and state <> 'QUEUED' and desired <> 'CANCEL') as failing,
                count(*) filter (where finished_at is null and state <> 'QUEUED' and desired = 'CANCEL') as cancelled,
                count(*) filter (where finished_at is not null) as settled,
                count(*) filter (where state = 'QUEUED') as queued
            from (
                select state, desired, finished_at from job_state
                where cluster = :cluster and state <> 'QUEUED' and not settled
                    and coalesce(cluster_identity, :identity) = :identity
                union all
                select state, desired, finished_at from job_state where cluster = :cluster and state = 'QUEUED') open
            """;

    private static final String DECLARE =
            """
            insert into cluster_lost (cluster, identity, declared_by, heard_at)
            select name, identity, :by, coalesce(heartbeat_at, created_at) from cluster where name = :cluster and identity = :identity
            on conflict (cluster, identity) do update set declared_at = clock_timestamp(),
                declared_by = excluded.declared_by, heard_at = excluded.heard_at, found_at = null, found_by = null, done_at = null, told_to = null
            """;

    private static final String STAMP =
            """
            update job_state set cluster_identity = :identity where job_id in (
                select job_id from job_state
                where cluster = :cluster and state <> 'QUEUED' and not settled and cluster_identity is null
                order by job_id for no key update)
            """;

    private static final String FOUND =
            """
            update cluster_lost set found_at = clock_timestamp(), found_by = :by, done_at = null, told_to = null
            where cluster = :cluster and identity = :identity and found_at is null
            """;

    /**
     * What stands written of a cluster that was declared lost.
     *
     * @param doneAt since when each of its jobs has its answer, or is told that it was found
     * @param left jobs that are still to be ended or settled
     */
    public record StoredLoss(
            String cluster,
            String identity,
            Instant declaredAt,
            String declaredBy,
            @Nullable Instant foundAt,
            @Nullable String foundBy,
            @Nullable Instant doneAt,
            long left) {}

    /**
     * What a declaration does.
     *
     * @param failing jobs that end as CLUSTER_LOST
     * @param cancelled jobs that end as cancelled, since somebody had wished that before
     * @param settled jobs that have their answer, and are waited for no longer
     * @param queued jobs that stay queued
     */
    public record Numbers(long failing, long cancelled, long settled, long queued) {
        static final Numbers NONE = new Numbers(0, 0, 0, 0);
    }

    /**
     * What came of a declaration.
     *
     * @param missing what speaks against it; empty where it is accepted
     */
    public record Declared(List<String> missing, Numbers numbers) {
        public Declared {
            missing = List.copyOf(missing);
        }

        public boolean accepted() {
            return missing.isEmpty();
        }
    }

    private final Database database;

    public ClusterLosses(Database database) {
        this.database = database;
    }

    /** All that were ever declared, of all clusters, the latest first. */
    public List<StoredLoss> all() {
        return database.statement(handle ->
                handle.createQuery(LOSSES + " order by l.declared_at desc")
                        .map((row, context) -> loss(row))
                        .list());
    }

    /**
     * From here on nothing is done in it any more; its jobs are ended afterwards.
     *
     * @param dryRun only tells what it would do
     */
    public Declared declare(String cluster, String identity, String by, boolean dryRun) {
        return database.transaction(handle -> {
            ClusterAnswers answers = ClusterAnswers.locked(handle, cluster);
            if (answers == null) {
                return new Declared(List.of("no cluster of this name ever answered"), Numbers.NONE);
            }
            List<String> missing = new ArrayList<>(answers.missing(identity));
            lost(handle, cluster, identity)
                    .forEach(loss ->
                            missing.add(
                                    "it is declared lost already, at %s by %s"
                                            .formatted(loss.declaredAt(), loss.declaredBy())));
            Numbers numbers =
                    identity.equals(answers.known())
                            ? numbers(handle, cluster, identity)
                            : Numbers.NONE;
            if (missing.isEmpty() && !dryRun) {
                bind(handle, DECLARE, cluster, identity).bind("by", by).execute();
                bind(handle, STAMP, cluster, identity).execute();
            }
            return new Declared(missing, numbers);
        });
    }

    /** Empty where it was accepted: its gate opens again; answers stay. Else what is missing. */
    public List<String> found(String cluster, String identity, String by) {
        return database.transaction(handle -> {
            ClusterAnswers answers = ClusterAnswers.locked(handle, cluster);
            if (lost(handle, cluster, identity).isEmpty()) {
                return List.of("no cluster of this identity is declared lost under this name");
            }
            String known = answers == null ? null : answers.known();
            if (!identity.equals(known)) {
                return List.of(
                        "another cluster has taken the name: "
                                + Objects.requireNonNullElse(known, "none"));
            }
            bind(handle, FOUND, cluster, identity).bind("by", by).execute();
            return List.<String>of();
        });
    }

    private static Update bind(Handle handle, String sql, String cluster, String identity) {
        return handle.createUpdate(sql).bind("cluster", cluster).bind("identity", identity);
    }

    /** One at most, of those that were not found again. */
    private static List<StoredLoss> lost(Handle handle, String cluster, String identity) {
        return handle.createQuery(
                        LOSSES
                                + " where l.cluster = :cluster and l.identity = :identity and l.found_at is null")
                .bind("cluster", cluster)
                .bind("identity", identity)
                .map((row, context) -> loss(row))
                .list();
    }

    private static Numbers numbers(Handle handle, String cluster, String identity) {
        return handle.createQuery(COUNT)
                .bind("cluster", cluster)
                .bind("identity", identity)
                .map((row, context) ->
                        new Numbers(
                                row.getLong("failing"),
                                row.getLong("cancelled"),
                                row.getLong("settled"),
                                row.getLong("queued")))
                .one();
    }

    private static StoredLoss loss(ResultSet row) throws SQLException {
        return new StoredLoss(
                row.getString("cluster"),
                row.getString("identity"),
                Rows.present(row, "declared_at"),
                row.getString("declared_by"),
                Rows.instant(row, "found_at"),
                row.getString("found_by"),
                Rows.instant(row, "done_at"),
                row.getLong("left_to_end"));
    }
}
