package io.windlass.web;

import io.windlass.store.LogShelf.NodeWithoutLogs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Nodes that give no logs, as troubles: those that answer alike in one line. */
final class NodeCauses {
    /** Several times as long as between two signs of a gateway. */
    static final Duration FRESH = Duration.ofMinutes(1);

    private static final int NAMED = 5;

    private NodeCauses() {}

    static List<Map<String, @Nullable Object>> of(Map<String, List<NodeWithoutLogs>> clusters) {
        List<Map<String, @Nullable Object>> lines = new ArrayList<>();
        clusters.forEach((cluster, nodes) ->
                nodes.stream()
                        .collect(
                                Collectors.groupingBy(
                                        NodeWithoutLogs::answer, TreeMap::new, Collectors.toList()))
                        .forEach((answer, alike) -> lines.add(line(cluster, answer, alike))));
        return lines;
    }

    private static Map<String, @Nullable Object> line(
            String cluster, String answer, List<NodeWithoutLogs> alike) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("class", "NODE_WITHOUT_LOGS");
        tree.put("cause", "its pods' logs cannot be read and are closed unread: " + answer);
        tree.put("object", object(alike));
        tree.put("cluster", cluster);
        tree.put("namespace", null);
        tree.put(
                "since",
                alike.stream()
                        .map(NodeWithoutLogs::since)
                        .min(Comparator.naturalOrder())
                        .map(Instant::toString)
                        .orElse(null));
        tree.put("verdictAt", null);
        tree.put("jobs", 0);
        tree.put("schedules", 0);
        tree.put("link", null);
        return tree;
    }

    private static String object(List<NodeWithoutLogs> alike) {
        String names =
                alike.stream()
                        .limit(NAMED)
                        .map(NodeWithoutLogs::node)
                        .collect(Collectors.joining(", "));
        int more = alike.size() - NAMED;
        return (alike.size() == 1 ? "node " : "nodes ")
                + names
                + (more > 0 ? " and " + more + " more" : "");
    }
}
