package io.windlass.store;

import io.windlass.json.Json;
import io.windlass.json.JsonSyntaxException;
import io.windlass.log.LogReading;
import io.windlass.log.Loss;
import io.windlass.log.Position;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the columns of a log hold as JSON. */
final class LogTrees {
    private LogTrees() {}

    static String resume(LogReading.State state) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("digest", state.digest());
        tree.put("run", state.run());
        Position position = state.position();
        if (position != null) {
            tree.put("nanos", position.nanos());
            tree.put("nth", position.nth());
            tree.put("into", position.into());
        }
        return Json.write(tree);
    }

    static LogReading.State state(long bytes, long lines, @Nullable String resume, String losses) {
        if (resume == null) {
            return new LogReading.State(0, 0, null, "", 0, losses(losses));
        }
        Map<String, @Nullable Object> tree = Json.object(resume);
        Position position =
                tree.containsKey("nanos")
                        ? new Position(
                                number(tree, "nanos"),
                                (int) number(tree, "nth"),
                                number(tree, "into"))
                        : null;
        return new LogReading.State(
                bytes,
                lines,
                position,
                String.valueOf(tree.get("digest")),
                (int) number(tree, "run"),
                losses(losses));
    }

    static String nodes(List<LogShelf.NodeWithoutLogs> nodes) {
        return Json.write(
                nodes.stream()
                        .map(one ->
                                Map.of(
                                        "node", one.node(),
                                        "answer", one.answer(),
                                        "since", one.since().toString()))
                        .toList());
    }

    static String losses(List<Loss> losses) {
        return Json.write(
                losses.stream()
                        .map(loss ->
                                Map.of(
                                        "at", loss.at(),
                                        "why", loss.why().name(),
                                        "message", loss.message()))
                        .toList());
    }

    static List<Loss> losses(String json) {
        try {
            return Json.parse(json) instanceof List<?> list
                    ? list.stream().map(Json::asObject).map(LogTrees::loss).toList()
                    : List.of();
        } catch (JsonSyntaxException e) {
            throw new IllegalStateException("the losses of a log are no JSON", e);
        }
    }

    private static Loss loss(Map<String, @Nullable Object> tree) {
        return new Loss(
                number(tree, "at"),
                Loss.Why.valueOf(String.valueOf(tree.get("why"))),
                String.valueOf(tree.get("message")));
    }

    private static long number(Map<String, @Nullable Object> tree, String field) {
        return Long.parseLong(String.valueOf(tree.get(field)));
    }
}
