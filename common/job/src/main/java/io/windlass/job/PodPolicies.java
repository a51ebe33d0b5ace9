package io.windlass.job;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The policy of every namespace, as configured.
 *
 * @param runAsNonRoot namespaces, or {@code *}
 * @param allowed {@code NAMESPACE:THING}, or {@code *:THING}
 * @param serviceAccounts {@code NAMESPACE:NAME}; {@code *} for every one
 * @param ownNamespace the control plane's, which no job goes to
 */
public record PodPolicies(
        Set<String> runAsNonRoot,
        List<String> allowed,
        List<String> serviceAccounts,
        @Nullable String ownNamespace) {
    private static final String EVERY = "*";

    public static final PodPolicies STANDARD =
            new PodPolicies(Set.of(), List.of(), List.of(), null);

    public PodPolicies {
        allowed.forEach(line -> split(line, (namespace, thing) -> allowance(thing)));
        serviceAccounts.forEach(line -> split(line, (namespace, name) -> {}));
    }

    public PodPolicy of(String namespace) {
        return new PodPolicy(
                runAsNonRoot.contains(EVERY) || runAsNonRoot.contains(namespace),
                named(allowed, namespace).stream()
                        .map(PodPolicies::allowance)
                        .collect(Collectors.toUnmodifiableSet()),
                named(serviceAccounts, namespace));
    }

    private static Set<String> named(List<String> lines, String namespace) {
        Set<String> names = new HashSet<>();
        for (String line : lines) {
            split(
                    line,
                    (where, name) -> {
                        if (where.equals(EVERY) || where.equals(namespace)) {
                            names.add(name);
                        }
                    });
        }
        return names;
    }

    private static Allowance allowance(String thing) {
        return Allowance.of(thing)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                thing + " is not one of " + Allowance.spellings()));
    }

    private static void split(String line, BiConsumer<String, String> then) {
        int colon = line.indexOf(':');
        if (colon < 1 || colon == line.length() - 1) {
            throw new IllegalArgumentException(
                    line + " is not NAMESPACE:NAME (* for every namespace)");
        }
        then.accept(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
    }
}
