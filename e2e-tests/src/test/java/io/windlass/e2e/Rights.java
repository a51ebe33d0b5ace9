package io.windlass.e2e;

import io.windlass.harness.Commands;
import io.windlass.harness.Kubectl;
import io.windlass.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the API server lets a service's account do, by the API server's own account of it. */
final class Rights {
    private static final Set<String> EVERYBODYS =
            Set.of("authorization.k8s.io", "authentication.k8s.io");

    private static final String ASK =
            """
            apiVersion: authorization.k8s.io/v1
            kind: SelfSubjectRulesReview
            spec: {namespace: %s}
            """;

    private Rights() {}

    /** As {@code VERB RESOURCE} or {@code VERB RESOURCE NAME}, without what anybody may. */
    static Set<String> of(Kubectl kubectl, String account, String namespace)
            throws IOException, InterruptedException {
        String as = "--as=system:serviceaccount:" + kubectl.namespace() + ":" + account;
        String answer =
                Commands.run(
                        Path.of("."),
                        Map.of(),
                        List.of(
                                kubectl.tool().toString(),
                                "kubectl",
                                as,
                                "create",
                                "--validate=false",
                                "-o",
                                "json",
                                "-f",
                                "-"),
                        ASK.formatted(namespace),
                        Duration.ofMinutes(1));
        Set<String> rights = new TreeSet<>();
        Map<String, Object> status = Json.asObject(Json.object(answer).get("status"));
        for (Object item : (List<?>) status.get("resourceRules")) {
            Map<String, Object> rule = Json.asObject(item);
            if (texts(rule, "apiGroups").stream().noneMatch(EVERYBODYS::contains)) {
                add(rights, rule);
            }
        }
        return rights;
    }

    private static void add(Set<String> rights, Map<String, Object> rule) {
        for (String verb : texts(rule, "verbs")) {
            for (String resource : texts(rule, "resources")) {
                List<String> names = texts(rule, "resourceNames");
                rights.add(
                        verb
                                + " "
                                + resource
                                + String.join(
                                        ",",
                                        names.isEmpty()
                                                ? List.of()
                                                : List.of(" " + names.getFirst())));
            }
        }
    }

    private static List<String> texts(Map<String, Object> rule, String field) {
        return rule.get(field) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}
