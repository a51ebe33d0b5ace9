package io.windlass.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a cluster's identity, and what those were answered who asked for it.
 *
 * @param known the identity that the name has
 * @param heartbeatAt when the known one answered last
 */
record ClusterAnswers(
        @Nullable String known, @Nullable Instant heartbeatAt, List<Asked> replicas, Instant now) {
    /** Who has asked within it asks still, and whoever pauses longer begins anew. */
    static final Duration RECENT = Duration.ofMinutes(1);

    /** For so long the known one must not have answered. */
    static final Duration SILENCE = Duration.ofMinutes(5);

    private static final String LOCK =
            """
            select identity, heartbeat_at, clock_timestamp() as now from cluster where name = :name for update
            """;

    private static final String REPLICAS =
            """
            select replica, asked_at, identity, identity_since, unknown_since from cluster_asked
            where cluster = :name order by replica
            """;

    /**
     * One replica of messages-processor.
     *
     * @param identity that it was answered last; null where nothing answered
     * @param identitySince since when it is answered that
     * @param unknownSince since when it asks without a break and is not answered by the known one,
     *     nor refused
     */
    record Asked(
            UUID replica,
            Instant at,
            @Nullable String identity,
            Instant identitySince,
            @Nullable Instant unknownSince) {
        boolean asksAt(Instant now) {
            return !at.isBefore(now.minus(RECENT));
        }
    }

    /** Null where the name was never heard of. Nobody changes it until this transaction ends. */
    static @Nullable ClusterAnswers locked(Handle handle, String name) {
        return handle.createQuery(LOCK)
                .bind("name", name)
                .map((row, context) ->
                        new ClusterAnswers(
                                row.getString("identity"),
                                Rows.instant(row, "heartbeat_at"),
                                replicas(handle, name),
                                Rows.present(row, "now")))
                .findOne()
                .orElse(null);
    }

    private static List<Asked> replicas(Handle handle, String name) {
        return handle.createQuery(REPLICAS)
                .bind("name", name)
                .map((row, context) -> asked(row))
                .list();
    }

    private static Asked asked(ResultSet row) throws SQLException {
        return new Asked(
                row.getObject("replica", UUID.class),
                Rows.present(row, "asked_at"),
                row.getString("identity"),
                Rows.present(row, "identity_since"),
                Rows.instant(row, "unknown_since"));
    }

    /** What speaks against believing that it will not come back; nothing where it may be said. */
    List<String> missing(String identity) {
        List<String> missing = new ArrayList<>();
        if (!identity.equals(known)) {
            missing.add(
                    "the cluster that is known under this name is "
                            + Objects.requireNonNullElse(known, "none"));
            return missing;
        }
        Instant longAgo = now.minus(SILENCE);
        if (heartbeatAt != null && heartbeatAt.isAfter(longAgo)) {
            missing.add(
                    "it answered at %s; that must be %s ago".formatted(heartbeatAt, told(SILENCE)));
        }
        List<Asked> asking = replicas.stream().filter(one -> one.asksAt(now)).toList();
        if (asking.isEmpty()) {
            missing.add(
                    "no messages-processor has asked it within %s, the last at %s: that nobody asks"
                                    .formatted(told(RECENT), lastAsked())
                            + " proves nothing");
        }
        for (Asked one : asking) {
            if (one.unknownSince() == null) {
                missing.add(
                        one.identity() == null
                                ? "it is there, and refuses messages-processor " + one.replica()
                                : "it answered messages-processor " + one.replica() + " just now");
            } else if (one.unknownSince().isAfter(longAgo)) {
                missing.add(
                        "messages-processor %s asks in vain since %s; that must be %s"
                                .formatted(one.replica(), one.unknownSince(), told(SILENCE)));
            }
        }
        return missing;
    }

    private String lastAsked() {
        return replicas.stream()
                .map(Asked::at)
                .max(Comparator.naturalOrder())
                .map(Instant::toString)
                .orElse("never");
    }

    private static String told(Duration time) {
        return time.toMinutes() == 1 ? "one minute" : time.toMinutes() + " minutes";
    }
}
