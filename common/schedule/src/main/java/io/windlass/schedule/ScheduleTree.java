package io.windlass.schedule;

import io.windlass.job.Durations;
import io.windlass.job.JobSpecTree;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A schedule as a tree, with all defaults: what is stored and read back. */
public final class ScheduleTree {
    private ScheduleTree() {}

    public static Map<String, @Nullable Object> of(Schedule schedule) {
        Schedule.When when = schedule.when();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", schedule.name());
        tree.put("namespace", schedule.namespace());
        tree.put("cron", when.cron());
        tree.put("every", text(when.every()));
        tree.put("timeZone", when.timeZone());
        tree.put("paused", schedule.paused());
        tree.put("concurrency", schedule.concurrency().text());
        tree.put("startingDeadline", text(schedule.startingDeadline()));
        tree.put("catchUp", catchUp(schedule.catchUp()));
        tree.put("jitter", Durations.format(when.jitter()));
        tree.put("startAt", text(when.startAt()));
        tree.put("endAt", text(when.endAt()));
        tree.put("keep", keep(schedule.keep()));
        tree.put("labels", schedule.labels());
        tree.put("job", JobSpecTree.of(schedule.job()));
        return tree;
    }

    private static Object catchUp(CatchUp catchUp) {
        return switch (catchUp) {
            case CatchUp.None() -> "none";
            case CatchUp.Latest() -> "latest";
            case CatchUp.All(int most) -> Map.of("all", most);
        };
    }

    private static Map<String, @Nullable Object> keep(Keep keep) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("succeeded", keep.succeeded());
        tree.put("failed", keep.failed());
        tree.put("age", days(keep.age()));
        return tree;
    }

    /** As people say how long something is kept. */
    private static @Nullable String days(@Nullable Duration age) {
        return age != null && age.equals(Duration.ofDays(age.toDays()))
                ? age.toDays() + "d"
                : text(age);
    }

    private static @Nullable String text(@Nullable Duration duration) {
        return duration == null ? null : Durations.format(duration);
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
