package io.windlass.podscheduler.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.windlass.cluster.Watch;
import io.windlass.cluster.Watches;
import java.util.List;
import java.util.function.Consumer;

/**
 * The watches that a {@link Scene} is made of: all nodes, pods that have not ended, claims,
 * volumes.
 */
public final class Watching implements AutoCloseable {
    private final Scene scene;
    private final Watch<Node> nodes;
    private final Watch<Pod> pods;
    private final Watch<PersistentVolumeClaim> claims;
    private final Watch<PersistentVolume> volumes;

    public Watching(KubernetesClient client, Scene scene) {
        this.scene = scene;
        nodes =
                Watches.of(
                        "nodes",
                        client.nodes(),
                        told(scene::nodeIs, node -> scene.nodeGone(node.getMetadata().getName())));
        pods =
                Watches.of(
                        "pods",
                        client.pods()
                                .inAnyNamespace()
                                .withoutField("status.phase", "Succeeded")
                                .withoutField("status.phase", "Failed"),
                        told(scene::podIs, pod -> scene.podGone(pod.getMetadata().getUid())));
        claims =
                Watches.of(
                        "claims",
                        client.persistentVolumeClaims().inAnyNamespace(),
                        told(scene::claimIs, scene::claimGone));
        volumes =
                Watches.of(
                        "volumes",
                        client.persistentVolumes(),
                        told(scene::volumeIs, scene::volumeGone));
    }

    /** To be called every few seconds: starts them, and anew what has died or gone silent. */
    public void tend() {
        all().forEach(Watch::tend);
    }

    /** Whether everything has been seen once; nothing may be decided before. */
    public boolean hasSynced() {
        return all().stream().allMatch(Watch::hasSynced);
    }

    /** From the caches; asks the API server for nothing. */
    public void reconcile() {
        if (hasSynced()) {
            scene.reconcile(nodes.cached(), pods.cached(), claims.cached(), volumes.cached());
        }
    }

    @Override
    public void close() {
        all().forEach(Watch::close);
    }

    private List<Watch<?>> all() {
        return List.of(nodes, pods, claims, volumes);
    }

    private static <T extends HasMetadata> ResourceEventHandler<T> told(
            Consumer<T> is, Consumer<T> gone) {
        return new ResourceEventHandler<>() {
            @Override
            public void onAdd(T object) {
                is.accept(object);
            }

            @Override
            public void onUpdate(T before, T object) {
                is.accept(object);
            }

            @Override
            public void onDelete(T object, boolean unknown) {
                gone.accept(object);
            }
        };
    }
}
