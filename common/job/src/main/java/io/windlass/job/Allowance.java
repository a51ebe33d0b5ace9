package io.windlass.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What no pod may ask for, unless an operator allows it in a namespace. */
public enum Allowance {
    HOST_PATH,
    HOST_NAMESPACES,
    HOST_PORTS,
    PRIVILEGED,
    CAPABILITIES,
    PRIVILEGE_ESCALATION,
    UNCONFINED,
    PROBE_HOSTS,
    NODE_NAME,
    SYSTEM_PRIORITY;

    /** As configuration spells it. */
    public String spelling() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Allowance> of(String spelling) {
        return Arrays.stream(values()).filter(a -> a.spelling().equals(spelling)).findFirst();
    }

    public static String spellings() {
        return Arrays.stream(values()).map(Allowance::spelling).collect(Collectors.joining(", "));
    }
}
