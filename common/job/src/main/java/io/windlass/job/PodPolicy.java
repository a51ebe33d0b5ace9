package io.windlass.job;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the pods of one namespace may ask of their nodes, and what they get unasked.
 *
 * @param runAsNonRoot no container may run as root
 * @param allowed what is otherwise refused
 * @param serviceAccounts by which pods may act; {@code *} is every one of the namespace
 */
public record PodPolicy(boolean runAsNonRoot, Set<Allowance> allowed, Set<String> serviceAccounts) {
    /** Nothing is allowed, and root only in its own container. */
    public static final PodPolicy STANDARD = new PodPolicy(false, Set.of(), Set.of());

    boolean allows(Allowance thing) {
        return allowed.contains(thing);
    }

    boolean allowsServiceAccount(@Nullable String name) {
        return serviceAccounts.contains("*") || (name != null && serviceAccounts.contains(name));
    }
}
