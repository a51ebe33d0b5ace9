package io.windlass.web;

import io.windlass.log.Loss;
import io.windlass.store.LogShelf;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is told of a log: the receipt for all that was read of it. */
final class LogTree {
    private LogTree() {}

    static Map<String, @Nullable Object> receipt(LogShelf.StoredLog log) {
        boolean omits = log.omittedTo() > log.omittedFrom();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("bytes", log.bytes());
        tree.put("lines", log.lines());
        tree.put("sha256", log.sha256());
        tree.put(
                "complete",
                log.closed() && !omits && log.losses().isEmpty() && log.droppedAt() == null);
        tree.put(
                "omitted", omits ? Map.of("from", log.omittedFrom(), "to", log.omittedTo()) : null);
        tree.put("lost", log.losses().stream().map(LogTree::loss).toList());
        tree.put("closedAt", Objects.toString(log.closedAt(), null));
        tree.put("droppedAt", Objects.toString(log.droppedAt(), null));
        return tree;
    }

    private static Map<String, Object> loss(Loss loss) {
        return Map.of("at", loss.at(), "why", loss.why().name(), "message", loss.message());
    }

    /** What a list of logs says of each. */
    static String names(List<LogShelf.StoredLog> logs) {
        return String.join(
                ", ",
                logs.stream()
                        .map(log -> "container=" + log.container() + "&attempt=" + log.nth())
                        .toList());
    }
}
