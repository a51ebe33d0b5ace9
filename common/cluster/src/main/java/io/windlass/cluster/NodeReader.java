package io.windlass.cluster;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.windlass.job.NodeFit;
import io.windlass.job.Quantities;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What nodes have and pods ask for, as the scheduler adds it up. */
public final class NodeReader {
    private NodeReader() {}

    public static NodeFit.Node node(Node node) {
        Map<String, String> labels = node.getMetadata().getLabels();
        Map<String, Quantity> allocatable =
                node.getStatus() == null ? null : node.getStatus().getAllocatable();
        return new NodeFit.Node(
                String.valueOf(node.getMetadata().getName()),
                labels == null ? Map.of() : Map.copyOf(labels),
                amounts(allocatable));
    }

    public static NodeFit.Needs needs(PodSpec pod) {
        return new NodeFit.Needs(
                pod.getNodeSelector() == null ? Map.of() : pod.getNodeSelector(),
                terms(pod.getAffinity()),
                requests(pod));
    }

    private static List<NodeFit.Term> terms(@Nullable Affinity affinity) {
        if (affinity == null
                || affinity.getNodeAffinity() == null
                || affinity.getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution()
                        == null) {
            return List.of();
        }
        return terms(
                affinity.getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution());
    }

    public static List<NodeFit.Term> terms(NodeSelector selector) {
        return SeenReader.orEmpty(selector.getNodeSelectorTerms()).stream()
                .map(term ->
                        new NodeFit.Term(
                                requirements(term.getMatchExpressions()),
                                requirements(term.getMatchFields())))
                .toList();
    }

    private static List<NodeFit.Requirement> requirements(
            @Nullable List<NodeSelectorRequirement> requirements) {
        return requirements == null
                ? List.of()
                : requirements.stream()
                        .map(r ->
                                new NodeFit.Requirement(
                                        String.valueOf(r.getKey()),
                                        String.valueOf(r.getOperator()),
                                        r.getValues() == null
                                                ? Set.of()
                                                : Set.copyOf(r.getValues())))
                        .toList();
    }

    /**
     * Containers run together, init containers one by one beside the sidecars that were started
     * before them.
     */
    private static Map<String, BigDecimal> requests(PodSpec pod) {
        Map<String, BigDecimal> running = new HashMap<>();
        Map<String, BigDecimal> most = new HashMap<>();
        for (Container init : SeenReader.orEmpty(pod.getInitContainers())) {
            if ("Always".equals(init.getRestartPolicy())) {
                add(running, requests(init.getResources()));
                raise(most, running);
            } else {
                Map<String, BigDecimal> now = new HashMap<>(running);
                add(now, requests(init.getResources()));
                raise(most, now);
            }
        }
        for (Container container : SeenReader.orEmpty(pod.getContainers())) {
            add(running, requests(container.getResources()));
        }
        raise(most, running);
        // what is asked for the pod as a whole stands above what its containers ask for
        most.putAll(requests(pod.getResources()));
        add(most, amounts(pod.getOverhead()));
        most.merge("pods", BigDecimal.ONE, BigDecimal::add);
        return most;
    }

    private static void add(Map<String, BigDecimal> to, Map<String, BigDecimal> more) {
        more.forEach((name, amount) -> to.merge(name, amount, BigDecimal::add));
    }

    private static void raise(Map<String, BigDecimal> to, Map<String, BigDecimal> atLeast) {
        atLeast.forEach((name, amount) -> to.merge(name, amount, BigDecimal::max));
    }

    private static Map<String, BigDecimal> requests(@Nullable ResourceRequirements resources) {
        return resources == null ? Map.of() : amounts(resources.getRequests());
    }

    private static Map<String, BigDecimal> amounts(@Nullable Map<String, Quantity> quantities) {
        Map<String, BigDecimal> amounts = new HashMap<>();
        if (quantities != null) {
            quantities.forEach((name, quantity) ->
                    amount(quantity).ifPresent(amount -> amounts.put(name, amount)));
        }
        return amounts;
    }

    private static Optional<BigDecimal> amount(@Nullable Quantity quantity) {
        return quantity == null ? Optional.empty() : Quantities.parse(text(quantity));
    }

    static String text(Quantity quantity) {
        String format = quantity.getFormat();
        return quantity.getAmount() + (format == null ? "" : format);
    }
}
