package io.windlass.podscheduler.choose;

/** What keeps pods off a node that do not tolerate it. */
public record Taint(String key, String value, String effect) {
    static final String CORDONED = "node.kubernetes.io/unschedulable";
    static final String NOT_READY = "node.kubernetes.io/not-ready";

    /** Of {@code kubectl cordon}: pods of DaemonSets tolerate it. */
    public static Taint cordoned() {
        return new Taint(CORDONED, "", "NoSchedule");
    }

    public static Taint notReady() {
        return new Taint(NOT_READY, "", "NoSchedule");
    }

    /** Whether it keeps new pods off, or is only a wish. */
    boolean repels() {
        return effect.equals("NoSchedule") || effect.equals("NoExecute");
    }

    String complaint() {
        return key.equals(CORDONED)
                ? "node(s) were unschedulable"
                : "node(s) had untolerated taint {" + key + ": " + value + "}";
    }
}
