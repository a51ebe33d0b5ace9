package io.windlass.standalone.localcluster;

import java.util.List;

/** The kinds that are served. */
enum Kind {
    NAMESPACE("/api/v1", "v1", "Namespace", "namespaces", false),
    NODE("/api/v1", "v1", "Node", "nodes", false),
    POD("/api/v1", "v1", "Pod", "pods", true),
    SECRET("/api/v1", "v1", "Secret", "secrets", true),
    CONFIG_MAP("/api/v1", "v1", "ConfigMap", "configmaps", true),
    EVENT("/api/v1", "v1", "Event", "events", true),
    JOB("/apis/batch/v1", "batch/v1", "Job", "jobs", true);

    private final String root;
    private final String apiVersion;
    private final String kindName;
    private final String plural;
    private final boolean namespaced;

    Kind(String root, String apiVersion, String kindName, String plural, boolean namespaced) {
        this.root = root;
        this.apiVersion = apiVersion;
        this.kindName = kindName;
        this.plural = plural;
        this.namespaced = namespaced;
    }

    String root() {
        return root;
    }

    String apiVersion() {
        return apiVersion;
    }

    String kindName() {
        return kindName;
    }

    String plural() {
        return plural;
    }

    boolean namespaced() {
        return namespaced;
    }

    static List<Kind> under(String root) {
        return List.of(values()).stream().filter(kind -> kind.root.equals(root)).toList();
    }
}
