package io.windlass.store;

import io.windlass.store.ClusterAnswers.Asked;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Of one process, in rows: one of the cluster, one of this process. */
final class PostgresHeartbeats implements Heartbeats {
    private static final String MAKE =
            "insert into cluster (name) values (:name) on conflict do nothing";

    private static final String IS_LOST =
            """
            select exists (select from cluster_lost
                where cluster = :name and identity = :identity and found_at is null)
            """;

    private static final String NOTE =
            """
            update cluster set identity = cast(:known as text), asked_at = :now,
                heartbeat_at = case when cast(:answered as text) = cast(:known as text) then :now else heartbeat_at end,
                answers_since = case when answers_since is null or answers_identity is distinct from cast(:answers as text)
                    then :now else answers_since end,
                answers_identity = cast(:answers as text)
            where name = :name
            """;

    private static final String NOTE_REPLICA =
            """
            insert into cluster_asked (cluster, replica, asked_at, identity, identity_since, unknown_since)
            values (:name, :replica, :now, :identity, :identity_since, cast(:unknown_since as timestamptz))
            on conflict (cluster, replica) do update set asked_at = excluded.asked_at, identity = excluded.identity,
                identity_since = excluded.identity_since, unknown_since = excluded.unknown_since
            """;

    private static final String FORGET =
            "delete from cluster_asked where cluster = :name and asked_at < clock_timestamp() - interval '1 day'";

    private final Database database;
    private final UUID replica;

    PostgresHeartbeats(Database database, UUID replica) {
        this.database = database;
        this.replica = replica;
    }

    @Override
    public @Nullable String heartbeat(String cluster, @Nullable String said) {
        boolean untold = UNTOLD.equals(said);
        String answered = untold ? null : said;
        Optional<String> open =
                database.transaction(handle -> {
                    ClusterAnswers before = ClusterAnswers.locked(handle, cluster);
                    if (before == null) {
                        handle.createUpdate(MAKE).bind("name", cluster).execute();
                        before = Objects.requireNonNull(ClusterAnswers.locked(handle, cluster));
                    }
                    String known = before.known();
                    boolean lost = isLost(handle, cluster, known);
                    if (answered != null
                            && (known == null || lost)
                            && !isLost(handle, cluster, answered)) {
                        known = answered;
                        lost = false;
                    }
                    note(handle, cluster, before, known, answered, untold);
                    return lost ? Optional.<String>empty() : Optional.ofNullable(known);
                });
        return open.orElse(null);
    }

    private static boolean isLost(Handle handle, String cluster, @Nullable String identity) {
        return identity != null
                && handle.createQuery(IS_LOST)
                        .bind("name", cluster)
                        .bind("identity", identity)
                        .mapTo(Boolean.class)
                        .one();
    }

    private void note(
            Handle handle,
            String cluster,
            ClusterAnswers before,
            @Nullable String known,
            @Nullable String answered,
            boolean untold) {
        Instant now = before.now();
        handle.createUpdate(NOTE)
                .bind("name", cluster)
                .bind("known", known)
                .bind("answered", answered)
                .bind("answers", answered == null ? answeredOthers(before) : answered)
                .bind("now", Rows.time(now))
                .execute();
        Asked asked = asked(before, known, answered, untold);
        handle.createUpdate(NOTE_REPLICA)
                .bind("name", cluster)
                .bind("replica", replica)
                .bind("now", Rows.time(now))
                .bind("identity", answered)
                .bind("identity_since", Rows.time(asked.identitySince()))
                .bind("unknown_since", Rows.time(asked.unknownSince()))
                .execute();
        handle.createUpdate(FORGET).bind("name", cluster).execute();
    }

    /** That one does not reach it does not mean that it does not answer. */
    private @Nullable String answeredOthers(ClusterAnswers before) {
        Asked other =
                before.replicas().stream()
                        .filter(one -> !one.replica().equals(replica) && one.asksAt(before.now()))
                        .filter(one -> one.identity() != null)
                        .max(Comparator.comparing(Asked::at))
                        .orElse(null);
        return other == null ? null : other.identity();
    }

    /** Whoever has not asked for a while does not know what it would have been answered. */
    private Asked asked(
            ClusterAnswers before,
            @Nullable String known,
            @Nullable String answered,
            boolean untold) {
        Instant now = before.now();
        Asked last =
                before.replicas().stream()
                        .filter(one -> one.replica().equals(replica) && one.asksAt(now))
                        .findFirst()
                        .orElse(null);
        boolean same = last != null && Objects.equals(last.identity(), answered);
        boolean mayBeKnown = untold || (answered != null && answered.equals(known));
        Instant unknownSince =
                last == null || last.unknownSince() == null ? now : last.unknownSince();
        return new Asked(
                replica,
                now,
                answered,
                last != null && same ? last.identitySince() : now,
                mayBeKnown ? null : unknownSince);
    }
}
