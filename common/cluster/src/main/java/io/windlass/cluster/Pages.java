package io.windlass.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import java.util.function.Consumer;

/** A list that is read in portions. */
interface Pages<L> {
    long PAGE = 500;

    L list(ListOptions options);

    /** The version of the cluster by which the first of them was made. */
    static <T extends HasMetadata, L extends KubernetesResourceList<T>> long forEach(
            Pages<L> pages, Consumer<T> consumer) {
        String next = null;
        long version = Long.MAX_VALUE;
        do {
            L list =
                    pages.list(new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build());
            list.getItems().forEach(consumer);
            version = Math.min(version, SeenReader.version(list.getMetadata()));
            next = list.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        return version;
    }
}
