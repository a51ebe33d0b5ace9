package io.windlass.store;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which cluster stands behind a name. */
public interface Heartbeats {
    /** Something is there, and did not say who it is: that may be the known one. */
    String UNTOLD = "";

    /** Of one process, which is known by an id while it lives. */
    static Heartbeats on(Database database) {
        return new PostgresHeartbeats(database, UUID.randomUUID());
    }

    /**
     * Notes what the cluster answered when this process asked who it is. The first to answer under
     * a name is known from then on; when it was declared lost, the next that is another.
     *
     * @param answered null where nothing did, {@link #UNTOLD} where it would not say
     * @return the identity in which work may be done; null where there is none now
     */
    @Nullable String heartbeat(String cluster, @Nullable String answered);
}
