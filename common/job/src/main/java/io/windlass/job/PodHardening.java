package io.windlass.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pod gets unasked: the level that Pod Security calls "restricted", where the job does not
 * say otherwise.
 */
final class PodHardening {
    private PodHardening() {}

    static Map<String, @Nullable Object> harden(
            Map<String, @Nullable Object> pod, PodPolicy policy) {
        Map<String, @Nullable Object> hard = new LinkedHashMap<>(pod);
        // a token is for those who ask for an identity, and only for one that jobs may act by
        String account =
                pod.get("serviceAccountName") instanceof String name && !name.isEmpty()
                        ? name
                        : null;
        hard.putIfAbsent(
                "automountServiceAccountToken",
                account != null && policy.allowsServiceAccount(account));
        if ("windows".equals(map(pod.get("os")).get("name"))) {
            return hard;
        }
        Map<String, @Nullable Object> security = map(pod.get("securityContext"));
        security.putIfAbsent("seccompProfile", Map.of("type", "RuntimeDefault"));
        if (policy.runAsNonRoot()) {
            security.putIfAbsent("runAsNonRoot", true);
        }
        hard.put("securityContext", security);
        for (String containers : List.of("initContainers", "containers")) {
            if (pod.get(containers) instanceof List<?> list) {
                hard.put(containers, containers(list));
            }
        }
        return hard;
    }

    private static List<Object> containers(List<?> containers) {
        List<Object> hard = new ArrayList<>();
        for (Object container : containers) {
            Map<String, @Nullable Object> copy = map(container);
            copy.put("securityContext", confined(map(copy.get("securityContext"))));
            hard.add(copy);
        }
        return hard;
    }

    /** Kubernetes takes no privileged container that may not rise. */
    private static Map<String, @Nullable Object> confined(Map<String, @Nullable Object> security) {
        if (Boolean.TRUE.equals(security.get("privileged"))) {
            return security;
        }
        Map<String, @Nullable Object> capabilities = map(security.get("capabilities"));
        boolean mayRise =
                capabilities.get("add") instanceof List<?> added
                        && (added.contains("SYS_ADMIN") || added.contains("CAP_SYS_ADMIN"));
        if (!mayRise) {
            security.putIfAbsent("allowPrivilegeEscalation", false);
        }
        capabilities.putIfAbsent("drop", List.of("ALL"));
        security.put("capabilities", capabilities);
        return security;
    }

    /** A copy that may be changed; of anything but an object an empty one. */
    static Map<String, @Nullable Object> map(@Nullable Object tree) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        if (tree instanceof Map<?, ?> map) {
            map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        }
        return copy;
    }
}
