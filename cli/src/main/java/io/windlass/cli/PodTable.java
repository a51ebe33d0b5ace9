package io.windlass.cli;

import io.windlass.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a list shows of a pod. */
record PodTable(Instant now) {
    List<Table.Column> usual() {
        return List.of(
                Table.Column.of("POD", "name"),
                Table.Column.of("ATTEMPT", "attempt"),
                Table.Column.of("PHASE", "phase"),
                Table.Column.of("EXIT", "exitCode"),
                new Table.Column("WHY", PodTable::why),
                Table.Column.of("NODE", "node"),
                new Table.Column("STARTED", pod -> JobTable.since(pod.get("startedAt"), now)),
                new Table.Column("LOGS", PodTable::logs));
    }

    List<Table.Column> wide() {
        List<Table.Column> columns = new ArrayList<>(usual());
        columns.add(Table.Column.of("UID", "uid"));
        columns.add(Table.Column.of("MESSAGE", "message"));
        columns.add(Table.Column.of("CAUSE", "cause"));
        return columns;
    }

    private static String why(Map<String, @Nullable Object> pod) {
        return Objects.toString(pod.get("waitsFor"), Objects.toString(pod.get("reason"), ""));
    }

    /** Of each container that has one: how long it is, and whether that is all. */
    private static String logs(Map<String, @Nullable Object> pod) {
        return Server.objects(pod, "containers").stream()
                .filter(container -> container.get("log") instanceof Map<?, ?>)
                .map(container -> container.get("name") + " " + log(container))
                .collect(Collectors.joining(", "));
    }

    private static String log(Map<String, @Nullable Object> container) {
        Map<String, @Nullable Object> log = Json.asObject(container.get("log"));
        return log.get("bytes")
                + (Boolean.TRUE.equals(log.get("complete")) ? " bytes" : " bytes so far");
    }
}
