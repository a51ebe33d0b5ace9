package io.windlass.job;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether any node could take a pod, were it empty. What may change by itself passes: cordons,
 * taints, what other pods use, volumes, claims of devices.
 */
public final class NodeFit {
    private static final Set<String> NATIVE = Set.of("cpu", "memory", "ephemeral-storage", "pods");

    private NodeFit() {}

    public record Node(
            String name, Map<String, String> labels, Map<String, BigDecimal> allocatable) {}

    /**
     * What a pod asks of its node.
     *
     * @param terms of its required node affinity: one of them must hold; none means any node
     */
    public record Needs(
            Map<String, String> nodeSelector, List<Term> terms, Map<String, BigDecimal> requests) {}

    /** All of it must hold; one that asks for nothing holds nowhere. */
    public record Term(List<Requirement> labels, List<Requirement> fields) {}

    public record Requirement(String key, String operator, Set<String> values) {}

    /** Why none could; empty where one could, or where there is none at all to ask. */
    public static Optional<String> whyNowhere(Needs needs, Collection<Node> nodes) {
        List<Node> chosen = nodes.stream().filter(node -> isChosen(needs, node)).toList();
        Map<String, BigDecimal> judged = judged(needs, nodes);
        if (nodes.isEmpty() || chosen.stream().anyMatch(node -> isLargeEnough(judged, node))) {
            return Optional.empty();
        }
        return Optional.of(
                chosen.isEmpty()
                        ? "none of " + nodes.size() + " nodes has the labels that it asks for"
                        : "of "
                                + chosen.size()
                                + " nodes that it may run on none could take it even if it were empty");
    }

    /** Of a resource that each node has, but none reports, nothing is known. */
    private static Map<String, BigDecimal> judged(Needs needs, Collection<Node> nodes) {
        Map<String, BigDecimal> judged = new HashMap<>(needs.requests());
        judged.keySet()
                .removeIf(resource ->
                        NATIVE.contains(resource)
                                && nodes.stream()
                                        .noneMatch(n -> n.allocatable().containsKey(resource)));
        return judged;
    }

    /** Whether its labels and its name are what the pod asks for. */
    public static boolean isChosen(Needs needs, Node node) {
        return needs.nodeSelector().entrySet().stream()
                        .allMatch(
                                label -> label.getValue().equals(node.labels().get(label.getKey())))
                && (needs.terms().isEmpty() || anyHolds(needs.terms(), node));
    }

    public static boolean anyHolds(Collection<Term> terms, Node node) {
        return terms.stream().anyMatch(term -> holds(term, node));
    }

    private static boolean holds(Term term, Node node) {
        return !(term.labels().isEmpty() && term.fields().isEmpty())
                && term.labels().stream().allMatch(r -> holds(r, node.labels().get(r.key())))
                && term.fields().stream()
                        .allMatch(r -> !r.key().equals("metadata.name") || holds(r, node.name()));
    }

    private static boolean holds(Requirement requirement, @Nullable String value) {
        return switch (requirement.operator()) {
            case "In" -> value != null && requirement.values().contains(value);
            case "NotIn" -> value == null || !requirement.values().contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            case "Gt" -> compare(requirement, value) > 0;
            case "Lt" -> compare(requirement, value) < 0;
            // of a Kubernetes that knows more than this
            default -> true;
        };
    }

    private static int compare(Requirement requirement, @Nullable String value) {
        try {
            return value == null
                    ? 0
                    : Long.compare(
                            Long.parseLong(value),
                            Long.parseLong(String.join("", requirement.values())));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static boolean isLargeEnough(Map<String, BigDecimal> requests, Node node) {
        return requests.entrySet().stream()
                .allMatch(asked ->
                        node.allocatable()
                                        .getOrDefault(asked.getKey(), BigDecimal.ZERO)
                                        .compareTo(asked.getValue())
                                >= 0);
    }
}
