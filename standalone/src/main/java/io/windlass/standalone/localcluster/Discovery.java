package io.windlass.standalone.localcluster;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client asks before it asks for anything. */
final class Discovery {
    private static final List<String> VERBS =
            List.of(
                    "create",
                    "delete",
                    "deletecollection",
                    "get",
                    "list",
                    "patch",
                    "update",
                    "watch");

    private Discovery() {}

    static @Nullable Map<String, @Nullable Object> at(String path) {
        return switch (path) {
            case "/version" ->
                    Map.of(
                            "major", "1",
                            "minor", "36",
                            "gitVersion", "v1.36.0-windlass-local",
                            "platform", "local");
            case "/api" -> Map.of("kind", "APIVersions", "versions", List.of("v1"));
            case "/apis" ->
                    Map.of("kind", "APIGroupList", "apiVersion", "v1", "groups", List.of(batch()));
            case "/apis/batch" -> batch();
            case "/api/v1" -> resources("v1", "/api/v1");
            case "/apis/batch/v1" -> resources("batch/v1", "/apis/batch/v1");
            default -> null;
        };
    }

    private static Map<String, @Nullable Object> batch() {
        Map<String, String> version = Map.of("groupVersion", "batch/v1", "version", "v1");
        return Map.of(
                "kind",
                "APIGroup",
                "name",
                "batch",
                "versions",
                List.of(version),
                "preferredVersion",
                version);
    }

    private static Map<String, @Nullable Object> resources(String groupVersion, String root) {
        return Map.of(
                "kind",
                "APIResourceList",
                "groupVersion",
                groupVersion,
                "resources",
                Kind.under(root).stream()
                        .map(kind ->
                                Map.of(
                                        "name", kind.plural(),
                                        "singularName", "",
                                        "namespaced", kind.namespaced(),
                                        "kind", kind.kindName(),
                                        "verbs", VERBS))
                        .toList());
    }
}
