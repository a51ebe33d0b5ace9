package io.windlass.store;

/** Which cluster stands behind a name. */
public interface Heartbeats {
    /** The identity that this name had first; where it differs, another cluster answers now. */
    String heartbeat(String cluster, String identity);
}
