package io.windlass.podscheduler.choose;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a node is chosen among those that a pod fits. */
public enum Policy {
    /** Only where something names a node; else the pod waits. */
    STATIC,
    /** Where something names a node, there and nowhere else; else as {@link #SPREAD}. */
    STATIC_THEN_SPREAD,
    /** The emptiest. */
    SPREAD,
    /** The fullest that still has room. */
    BINPACK,
    /** Any. */
    RANDOM;

    public static Policy of(String name) {
        return Arrays.stream(values())
                .filter(policy -> policy.toString().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "policy '" + name + "' is none of " + names()));
    }

    public static String names() {
        return Arrays.stream(values()).map(Policy::toString).collect(Collectors.joining(", "));
    }

    boolean asksForNames() {
        return this == STATIC || this == STATIC_THEN_SPREAD;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
