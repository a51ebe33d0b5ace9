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
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.windlass.job.JobIdentity;
import io.windlass.messages.Installation;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Watches of what is ours, one per watched namespace, or one of all. */
@Singleton
public final class Watches {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** API servers keep events out of their watch cache: a stream without any has no bookmarks. */
    private static final Duration PATIENCE_WITHOUT_BOOKMARKS = Duration.ofMinutes(4);

    /** Each pod and each Job has some of them, and they tell nothing that its status does not. */
    static final List<String> ROUTINE =
            List.of(
                    "Scheduled",
                    "Pulled",
                    "Created",
                    "Started",
                    "Killing",
                    "BackOff",
                    "Unhealthy",
                    "SuccessfulCreate",
                    "SuccessfulDelete",
                    "Completed");

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
        return watches(
                client.batch().v1().jobs(),
                this::ours,
                new Form<>("jobs", handler, PATIENCE, informer -> informer, false));
    }

    public List<Watch<Pod>> pods(ResourceEventHandler<Pod> handler) {
        return watches(
                client.pods(),
                this::ours,
                new Form<>(
                        "pods",
                        handler,
                        PATIENCE,
                        informer -> informer.itemStore(new LeanPods()),
                        false));
    }

    /**
     * Of all objects of a kind, since events carry no labels: the handler drops those of objects
     * that are not ours. What every pod and every Job has, and nobody asks for, stays in the
     * server.
     */
    public List<Watch<Event>> events(String kind, ResourceEventHandler<Event> handler) {
        return watches(
                client.v1().events(),
                all -> withoutRoutine(all.withField("involvedObject.kind", kind)),
                new Form<>(
                        "events of " + kind + "s",
                        handler,
                        PATIENCE_WITHOUT_BOOKMARKS,
                        informer -> informer.removeNamespaceIndex().itemStore(new EventVersions()),
                        true));
    }

    private static <L, R> FilterWatchListDeletable<Event, L, R> withoutRoutine(
            FilterWatchListDeletable<Event, L, R> all) {
        FilterWatchListDeletable<Event, L, R> rest = all;
        for (String reason : ROUTINE) {
            rest = rest.withoutField("reason", reason);
        }
        return rest;
    }

    private <T extends HasMetadata, L extends KubernetesResourceList<T>, R extends Resource<T>>
            FilterWatchListDeletable<T, L, R> ours(FilterWatchListDeletable<T, L, R> all) {
        return all.withLabel(JobIdentity.INSTALLATION, installation);
    }

    private <T extends HasMetadata, L extends KubernetesResourceList<T>, R extends Resource<T>>
            List<Watch<T>> watches(
                    MixedOperation<T, L, R> kind,
                    Function<FilterWatchListDeletable<T, L, R>, FilterWatchListDeletable<T, L, R>>
                            selection,
                    Form<T> form) {
        List<Watch<T>> watches = new ArrayList<>();
        if (namespaces.isEmpty()) {
            watches.add(watch(selection.apply(kind.inAnyNamespace()), form));
        }
        for (String namespace : namespaces) {
            watches.add(watch(selection.apply(kind.inNamespace(namespace)), form.in(namespace)));
        }
        return watches;
    }

    /**
     * How a watch is made.
     *
     * @param shape what it keeps
     * @param forgets what goes is no news: where there is nothing, nothing was missed
     */
    private record Form<T extends HasMetadata>(
            String name,
            ResourceEventHandler<T> handler,
            Duration patience,
            UnaryOperator<SharedIndexInformer<T>> shape,
            boolean forgets) {
        Form<T> in(String namespace) {
            return new Form<>(name + " in " + namespace, handler, patience, shape, forgets);
        }
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
        return watch(selection, new Form<>(name, handler, PATIENCE, informer -> informer, false));
    }

    private static <
                    T extends HasMetadata,
                    L extends KubernetesResourceList<T>,
                    R extends Resource<T>>
            Watch<T> watch(FilterWatchListDeletable<T, L, R> selection, Form<T> form) {
        return new Watch<>(
                form.name(),
                // in portions: a whole list may be more than fits into memory
                () -> form.shape().apply(selection.withLimit(Pages.PAGE).runnableInformer(0)),
                () -> {
                    L list = selection.list(ONE);
                    return form.forgets() && list.getItems().isEmpty()
                            ? null
                            : list.getMetadata().getResourceVersion();
                },
                form.handler(),
                form.patience(),
                System::nanoTime);
    }
}
