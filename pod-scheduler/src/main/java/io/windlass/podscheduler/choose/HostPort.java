package io.windlass.podscheduler.choose;

/** A port of the node itself that a pod takes. */
public record HostPort(String protocol, String ip, int port) {
    private static final String ANY = "0.0.0.0";

    boolean clashesWith(HostPort other) {
        return port == other.port
                && protocol.equals(other.protocol)
                && (ip.equals(other.ip) || ip.equals(ANY) || other.ip.equals(ANY));
    }
}
