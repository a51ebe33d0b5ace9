package io.windlass.standalone.localcluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a path points at. */
record Target(Kind kind, @Nullable String namespace, @Nullable String name, String subresource) {

    static Target of(String path) {
        for (String root : List.of("/apis/batch/v1", "/api/v1")) {
            if (path.startsWith(root + "/")) {
                List<String> parts =
                        new ArrayList<>(
                                Arrays.asList(path.substring(root.length() + 1).split("/", -1)));
                String namespace = null;
                if (parts.getFirst().equals("namespaces") && parts.size() > 2) {
                    namespace = parts.get(1);
                    parts = parts.subList(2, parts.size());
                }
                return of(root, namespace, parts, path);
            }
        }
        throw notServed(path);
    }

    private static Target of(
            String root, @Nullable String namespace, List<String> parts, String path) {
        for (Kind kind : Kind.under(root)) {
            if (kind.plural().equals(parts.getFirst())) {
                return new Target(
                        kind,
                        kind.namespaced() ? namespace : "",
                        parts.size() > 1 ? parts.get(1) : null,
                        parts.size() > 2 ? parts.get(2) : "");
            }
        }
        throw notServed(path);
    }

    private static ApiException notServed(String path) {
        return new ApiException(404, "NotFound", "the local cluster does not serve " + path);
    }

    String namespaceOrEmpty() {
        return namespace == null ? "" : namespace;
    }

    String requiredName() {
        if (name == null) {
            throw new ApiException(405, "MethodNotAllowed", "name an object");
        }
        return name;
    }
}
