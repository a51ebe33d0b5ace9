package io.windlass.cluster;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.windlass.job.JobIdentity;
import io.windlass.messages.Installation;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Watches of what is ours, one per watched namespace, or one of all. */
@Singleton
public final class Watches {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** API servers keep events out of their watch cache: a stream without any has no bookmarks. */
    private static final Duration PATIENCE_WITHOUT_BOOKMARKS = Duration.ofMinutes(4);

    private static final ListOptions ONE = new ListOptionsBuilder().withLimit(1L).build();

    private final KubernetesClient client;
    private final List<String> namespaces;
    private final String installation;

    Watches(KubernetesClient client, ClusterSettings settings, Installation installation) {
        this.client = client;
        this.namespaces = settings.watchedNamespaces();
        this.installation = installation.id().toString();
    }

    public List<Watch<Job>> jobs(ResourceEventHandler<Job> handler) {
        return watches("jobs", client.batch().v1().jobs(), this::ours, handler, PATIENCE);
    }

    public List<Watch<Pod>> pods(ResourceEventHandler<Pod> handler) {
        return watches("pods", client.pods(), this::ours, handler, PATIENCE);
    }

    /**
     * Of all objects of a kind, since events carry no labels: the handler drops those of objects
     * that are not ours.
     */
    public List<Watch<Event>> events(String kind, ResourceEventHandler<Event> handler) {
        return watches(
                "events of " + kind + "s",
                client.v1().events(),
                all -> all.withField("involvedObject.kind", kind),
                handler,
                PATIENCE_WITHOUT_BOOKMARKS);
    }

    private <T extends HasMetadata, L extends KubernetesResourceList<T>, R extends Resource<T>>
            FilterWatchListDeletable<T, L, R> ours(FilterWatchListDeletable<T, L, R> all) {
        return all.withLabel(JobIdentity.INSTALLATION, installation);
    }

    private <T extends HasMetadata, L extends KubernetesResourceList<T>, R extends Resource<T>>
            List<Watch<T>> watches(
                    String name,
                    MixedOperation<T, L, R> kind,
                    Function<FilterWatchListDeletable<T, L, R>, FilterWatchListDeletable<T, L, R>>
                            selection,
                    ResourceEventHandler<T> handler,
                    Duration patience) {
        List<Watch<T>> watches = new ArrayList<>();
        if (namespaces.isEmpty()) {
            watches.add(watch(name, selection.apply(kind.inAnyNamespace()), handler, patience));
        }
        for (String namespace : namespaces) {
            watches.add(
                    watch(
                            name + " in " + namespace,
                            selection.apply(kind.inNamespace(namespace)),
                            handler,
                            patience));
        }
        return watches;
    }

    /** Of whatever is selected, ours or not. */
    public static <
                    T extends HasMetadata,
                    L extends KubernetesResourceList<T>,
                    R extends Resource<T>>
            Watch<T> of(
                    String name,
                    FilterWatchListDeletable<T, L, R> selection,
                    ResourceEventHandler<T> handler) {
        return watch(name, selection, handler, PATIENCE);
    }

    private static <
                    T extends HasMetadata,
                    L extends KubernetesResourceList<T>,
                    R extends Resource<T>>
            Watch<T> watch(
                    String name,
                    FilterWatchListDeletable<T, L, R> selection,
                    ResourceEventHandler<T> handler,
                    Duration patience) {
        return new Watch<>(
                name,
                () -> selection.runnableInformer(0),
                () -> selection.list(ONE).getMetadata().getResourceVersion(),
                handler,
                patience,
                System::nanoTime);
    }
}
