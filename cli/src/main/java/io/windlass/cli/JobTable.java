package io.windlass.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a list shows of a job. */
record JobTable(Instant now) {
    private static final int ENDING = 8;

    List<Table.Column> usual() {
        return List.of(
                new Table.Column("ID", JobTable::ending),
                new Table.Column("NAME", job -> job.get("namespace") + "/" + job.get("name")),
                Table.Column.of("STATE", "state"),
                new Table.Column("WHY", JobTable::why),
                new Table.Column("AGE", job -> since(job.get("submittedAt"), now)),
                new Table.Column("TOOK", this::took));
    }

    List<Table.Column> wide() {
        List<Table.Column> columns = new ArrayList<>(usual());
        columns.set(0, Table.Column.of("ID", "id"));
        columns.add(Table.Column.of("QUEUE", "queue"));
        columns.add(Table.Column.of("CLUSTER", "cluster"));
        columns.add(Table.Column.of("ATTEMPT", "attempt"));
        columns.add(Table.Column.of("EXIT", "exitCode"));
        columns.add(Table.Column.of("SUBMITTED", "submittedAt"));
        columns.add(Table.Column.of("BY", "submittedBy"));
        columns.add(Table.Column.of("MESSAGE", "message"));
        return columns;
    }

    /** What is enough to name it: the begin of an id is only its time. */
    private static String ending(Map<String, @Nullable Object> job) {
        String id = Objects.toString(job.get("id"), "");
        return id.substring(Math.max(0, id.length() - ENDING));
    }

    private static String why(Map<String, @Nullable Object> job) {
        return job.get("waiting") instanceof Map<?, ?> waiting
                ? Objects.toString(waiting.get("class"), "")
                : Objects.toString(job.get("reason"), "");
    }

    private String took(Map<String, @Nullable Object> job) {
        Object finished = job.get("finishedAt");
        return since(job.get("startedAt"), finished == null ? now : instant(finished));
    }

    /** In the two largest units; nothing where there is no beginning. */
    static String since(@Nullable Object begin, @Nullable Instant end) {
        Instant from = instant(begin);
        if (from == null || end == null) {
            return "";
        }
        Duration length = Duration.between(from, end);
        if (length.isNegative()) {
            return "0s";
        }
        if (length.toDays() > 0) {
            return length.toDays() + "d" + length.toHoursPart() + "h";
        }
        if (length.toHours() > 0) {
            return length.toHours() + "h" + length.toMinutesPart() + "m";
        }
        return length.toMinutes() > 0
                ? length.toMinutes() + "m" + length.toSecondsPart() + "s"
                : length.toSeconds() + "s";
    }

    private static @Nullable Instant instant(@Nullable Object text) {
        try {
            return text == null ? null : Instant.parse(text.toString());
        } catch (DateTimeException e) {
            return null;
        }
    }
}
