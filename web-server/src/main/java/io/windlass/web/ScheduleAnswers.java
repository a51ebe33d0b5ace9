package io.windlass.web;

import io.windlass.job.Durations;
import io.windlass.job.FieldError;
import io.windlass.json.Json;
import io.windlass.schedule.Calendar;
import io.windlass.schedule.Planned;
import io.windlass.schedule.ScheduleReader;
import io.windlass.schedule.ScheduleTree;
import io.windlass.store.AccountingSettings;
import io.windlass.store.Ledger;
import io.windlass.store.ScheduleHealth;
import io.windlass.store.ScheduleSetAside;
import io.windlass.store.Schedules.StoredSchedule;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Schedules, their runs and their plans as the API shows them. */
@Singleton
final class ScheduleAnswers {
    static final String SCHEDULES = "/api/v1/schedules/";

    private final ScheduleDesk desk;
    private final AccountingSettings settings;

    ScheduleAnswers(ScheduleDesk desk, AccountingSettings settings) {
        this.desk = desk;
        this.settings = settings;
    }

    Map<String, @Nullable Object> whole(StoredSchedule stored) {
        ScheduleReader.Result read = desk.read(stored);
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("id", stored.id().toString());
        tree.putAll(
                read instanceof ScheduleReader.Result.Read readable
                        ? ScheduleTree.of(readable.schedule())
                        : stored.tree());
        tree.put("unreadable", unreadable(stored, read));
        tree.put("set", stored.set());
        tree.put("version", stored.version());
        tree.put("changedBy", stored.changedBy());
        tree.put("createdAt", stored.createdAt().toString());
        tree.put("changedAt", stored.changedAt().toString());
        tree.put("nextAt", nextAt(stored, read));
        tree.put("health", health(stored));
        tree.put("links", links(stored));
        return tree;
    }

    private static @Nullable String unreadable(StoredSchedule stored, ScheduleReader.Result read) {
        return read instanceof ScheduleReader.Result.Wrong(List<FieldError> errors)
                ? Objects.requireNonNullElse(
                        stored.unreadable(),
                        errors.getFirst().pointer() + " " + errors.getFirst().message())
                : null;
    }

    Map<String, @Nullable Object> listed(StoredSchedule stored) {
        Map<String, @Nullable Object> tree = whole(stored);
        if (tree.get("job") instanceof Map<?, ?> job) {
            tree.put("job", JobTree.withoutValues(Json.asObject(job)));
        }
        return tree;
    }

    private static @Nullable String nextAt(StoredSchedule stored, ScheduleReader.Result read) {
        if (stored.paused() || !(read instanceof ScheduleReader.Result.Read readable)) {
            return null;
        }
        try {
            return readable.calendar()
                    .after(stored.accountedUntil())
                    .map(planned -> planned.at().toString())
                    .orElse(null);
        } catch (DateTimeException | ArithmeticException e) {
            // one that cannot be calculated must not break a list of others
            return null;
        }
    }

    private Map<String, @Nullable Object> health(StoredSchedule stored) {
        ScheduleHealth health = stored.health();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put(
                "troubles",
                health.troubles(Instant.now(), settings.failingAfter()).stream()
                        .map(Enum::name)
                        .toList());
        tree.put("lastSuccessAt", Objects.toString(health.lastSuccessAt(), null));
        tree.put("lastFailureAt", Objects.toString(health.lastFailureAt(), null));
        tree.put("lastFailure", health.lastFailure());
        tree.put("failuresInARow", health.failures());
        tree.put("overdueAt", Objects.toString(health.overdueAt(), null));
        ScheduleSetAside aside = health.setAside();
        tree.put("setAside", aside == null ? null : setAside(aside, stored.nextDue()));
        return tree;
    }

    private static Map<String, @Nullable Object> setAside(
            ScheduleSetAside aside, @Nullable Instant nextTry) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("tries", aside.tries());
        tree.put("since", aside.since().toString());
        tree.put("nextTryAt", Objects.toString(nextTry, null));
        tree.put("error", aside.error());
        return tree;
    }

    static String path(String namespace, String name) {
        return SCHEDULES + namespace + "/" + name;
    }

    private static Map<String, String> links(StoredSchedule stored) {
        String self = path(stored.namespace(), stored.name());
        Map<String, String> links = new LinkedHashMap<>();
        links.put("self", self);
        links.put("runs", self + "/runs");
        links.put("preview", self + "/preview");
        links.put("run", self + "/run");
        links.put("jobs", "/api/v1/jobs?schedule=" + stored.id());
        links.put(
                stored.paused() ? "resume" : "pause",
                self + (stored.paused() ? "/resume" : "/pause"));
        return links;
    }

    static Map<String, @Nullable Object> run(Ledger.Run run) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("plannedAt", run.plannedAt().toString());
        tree.put("until", run.instants() == 1 ? null : run.until().toString());
        tree.put("instants", run.instants());
        tree.put("verdict", run.verdict().name());
        tree.put("lateBy", lateBy(run.lateBy()));
        tree.put("reason", run.cause() == null ? null : run.cause().name());
        tree.put("message", run.message());
        tree.put("jobId", Objects.toString(run.job(), null));
        tree.put("jobState", run.jobState());
        return tree;
    }

    private static @Nullable String lateBy(@Nullable Duration lateBy) {
        return lateBy == null ? null : Durations.format(lateBy);
    }

    static Map<String, @Nullable Object> planned(Planned planned, Calendar calendar) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("plannedAt", planned.at().toString());
        tree.put("local", planned.local().toString());
        tree.put("dueAt", calendar.due(planned.at()).toString());
        tree.put("note", planned.note() == Planned.Note.NONE ? null : planned.note().text());
        return tree;
    }

    static List<Map<String, @Nullable Object>> planned(Calendar calendar, Instant after, int most) {
        return calendar.after(after, most).stream()
                .map(planned -> planned(planned, calendar))
                .toList();
    }
}
