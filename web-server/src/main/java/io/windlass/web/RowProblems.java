package io.windlass.web;

import io.windlass.store.PostgresDrifts;
import io.windlass.store.RowTroubles;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What needs an operator, as lines of {@code /api/v1/problems}. */
@Singleton
final class RowProblems {
    private final RowTroubles rows;
    private final PostgresDrifts drifts;

    RowProblems(RowTroubles rows, PostgresDrifts drifts) {
        this.rows = rows;
        this.drifts = drifts;
    }

    /** Indexes are of no namespace: they are not told to who asks for one. */
    List<Map<String, @Nullable Object>> list(
            @Nullable Collection<String> namespaces, boolean indexes, int most) {
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        if (indexes) {
            rows.invalidIndexes(most).forEach(index -> items.add(tree(index)));
        }
        rows.rows(namespaces, most).forEach(trouble -> items.add(tree(trouble)));
        drifts.staying(namespaces, most).forEach(drift -> items.add(tree(drift)));
        return items;
    }

    private static Map<String, @Nullable Object> tree(RowTroubles.Trouble trouble) {
        String name = trouble.namespace() + "/" + trouble.name();
        return switch (trouble.kind()) {
            case CHECK_SET_ASIDE ->
                    tree(trouble, "job " + name, tries("to check it", trouble), job(trouble), 1);
            case JOB_SET_ASIDE ->
                    tree(trouble, "job " + name, tries("to delete it", trouble), job(trouble), 1);
            case LOG_SET_ASIDE ->
                    tree(trouble, "log " + name, tries("to store it", trouble), job(trouble), 1);
            case SCHEDULE_SET_ASIDE ->
                    tree(
                            trouble,
                            "schedule " + name,
                            tries("to account for its instants", trouble),
                            schedule(trouble) + "/runs",
                            0);
            case JOB_UNREADABLE ->
                    tree(
                            trouble,
                            "job " + name,
                            "its spec cannot be read: " + trouble.error(),
                            job(trouble),
                            1);
            case SCHEDULE_UNREADABLE ->
                    tree(
                            trouble,
                            "schedule " + name,
                            "its definition cannot be read: " + trouble.error(),
                            schedule(trouble),
                            0);
        };
    }

    private static String schedule(RowTroubles.Trouble trouble) {
        return ScheduleAnswers.path(trouble.namespace(), trouble.name());
    }

    private static String tries(String what, RowTroubles.Trouble trouble) {
        return "%d tries in a row %s failed, the last with %s"
                .formatted(trouble.tries(), what, trouble.error());
    }

    private static String job(RowTroubles.Trouble trouble) {
        return "/api/v1/jobs/" + trouble.id();
    }

    private static Map<String, @Nullable Object> tree(
            RowTroubles.Trouble trouble, String object, String cause, String link, int jobs) {
        return tree(
                trouble.kind().name(),
                cause,
                object,
                trouble.cluster(),
                trouble.namespace(),
                trouble.since(),
                jobs,
                1 - jobs,
                link);
    }

    private static Map<String, @Nullable Object> tree(RowTroubles.InvalidIndex index) {
        return tree(
                "INDEX_INVALID",
                "no query of table " + index.table() + " uses it, and each write pays for it",
                "index " + index.name(),
                null,
                null,
                null,
                0,
                0,
                null);
    }

    private static Map<String, @Nullable Object> tree(PostgresDrifts.Staying drift) {
        String first = drift.namespace() + "/" + drift.first();
        return tree(
                "DRIFT_" + drift.kind(),
                "comparisons with the cluster find that Jobs differ from their rows, and looks do"
                        + " not set it right; longest Job "
                        + first,
                drift.jobs() == 1 ? "Job " + first : drift.jobs() + " Jobs",
                drift.cluster(),
                drift.namespace(),
                drift.since(),
                drift.jobs(),
                0,
                null);
    }

    private static Map<String, @Nullable Object> tree(
            String problem,
            String cause,
            String object,
            @Nullable String cluster,
            @Nullable String namespace,
            @Nullable Instant since,
            long jobs,
            long schedules,
            @Nullable String link) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("class", problem);
        tree.put("cause", cause);
        tree.put("object", object);
        tree.put("cluster", cluster);
        tree.put("namespace", namespace);
        tree.put("since", Objects.toString(since, null));
        tree.put("verdictAt", null);
        tree.put("jobs", jobs);
        tree.put("schedules", schedules);
        tree.put("link", link);
        return tree;
    }
}
