package io.windlass.podscheduler.choose;

import io.windlass.job.NodeFit;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nodes and pods that have nothing special about them, but what is said. */
public final class Samples {
    private Samples() {}

    static Place node(String name, Map<String, String> labels) {
        return new Place(
                new NodeFit.Node(
                        name,
                        labels,
                        Map.of(
                                "cpu", new BigDecimal(4),
                                "memory", new BigDecimal(8_000),
                                "pods", new BigDecimal(10))),
                List.of(),
                Load.NONE);
    }

    static Place node(String name) {
        return node(name, Map.of());
    }

    static Place tainted(Place place, Taint... taints) {
        return new Place(place.node(), List.of(taints), place.load());
    }

    static Place loaded(Place place, String cpu) {
        return place.with(
                place.load()
                        .plus(
                                new Load(
                                        Map.of("cpu", new BigDecimal(cpu), "pods", BigDecimal.ONE),
                                        List.of())));
    }

    static PodView pod(String namespace, String name, String cpu) {
        return pod(namespace, name, "uid-of-" + name, cpu);
    }

    public static PodView pod(String namespace, String name, String uid, String cpu) {
        return new PodView(
                namespace,
                name,
                uid,
                0,
                Instant.EPOCH,
                null,
                new NodeFit.Needs(
                        Map.of(),
                        List.of(),
                        Map.of("cpu", new BigDecimal(cpu), "pods", BigDecimal.ONE)),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    static PodView pod(String name) {
        return pod("shop", name, "1");
    }

    static PodView wanting(PodView pod, String node) {
        return like(pod, node, pod.needs(), pod.tolerations(), pod.ports());
    }

    static PodView needing(PodView pod, NodeFit.Needs needs) {
        return like(pod, pod.wantedNode(), needs, pod.tolerations(), pod.ports());
    }

    static PodView tolerating(PodView pod, Toleration... tolerations) {
        return like(pod, pod.wantedNode(), pod.needs(), List.of(tolerations), pod.ports());
    }

    static PodView listening(PodView pod, HostPort... ports) {
        return like(pod, pod.wantedNode(), pod.needs(), pod.tolerations(), List.of(ports));
    }

    private static PodView like(
            PodView pod,
            @Nullable String wantedNode,
            NodeFit.Needs needs,
            List<Toleration> tolerations,
            List<HostPort> ports) {
        return new PodView(
                pod.namespace(),
                pod.name(),
                pod.uid(),
                pod.priority(),
                pod.created(),
                wantedNode,
                needs,
                tolerations,
                ports,
                pod.claims(),
                pod.unsupported());
    }
}
