package io.windlass.cluster;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which cluster, and how it is reached.
 *
 * @param name what jobs and queues call it
 * @param kubeconfig a file; without one the service account of the pod that this runs in
 * @param context of that file, or by itself of those that kubectl reads; without one the file's
 *     current one
 * @param namespaces those that are watched; none means all
 */
@ConfigurationProperties("windlass.cluster")
public record ClusterSettings(
        @Bindable(defaultValue = "local") String name,
        @Nullable String kubeconfig,
        @Nullable String context,
        @Nullable List<String> namespaces) {

    public List<String> watchedNamespaces() {
        return namespaces == null ? List.of() : List.copyOf(namespaces);
    }
}
