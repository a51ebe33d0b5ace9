package io.windlass.schedule;

import io.windlass.job.JobSpec;
import io.windlass.job.JobSpecReader;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Schedules in which only that matters which a test names. */
final class Schedules {
    private Schedules() {}

    static Schedule of(Schedule.When when, CatchUp catchUp) {
        return of(when, catchUp, Concurrency.ALLOW, null, false);
    }

    static Schedule of(
            Schedule.When when,
            CatchUp catchUp,
            Concurrency concurrency,
            @Nullable Duration deadline,
            boolean paused) {
        return new Schedule(
                "default",
                "s",
                when,
                paused,
                concurrency,
                deadline,
                catchUp,
                Keep.DEFAULT,
                Map.of(),
                job());
    }

    static Schedule.When cron(String cron, String zone) {
        return new Schedule.When(cron, null, zone, Duration.ZERO, null, null);
    }

    static Calendar calendar(Schedule schedule) {
        return calendar(schedule.when(), schedule.identity());
    }

    static Calendar calendar(Schedule.When when, String identity) {
        return switch (Calendar.of(when, identity, Zones.ofJdk())) {
            case Calendar.Result.Read(Calendar calendar) -> calendar;
            case Calendar.Result.Wrong(String field, String message) ->
                    throw new AssertionError(field + " " + message);
        };
    }

    private static JobSpec job() {
        Object tree = Map.of("name", "s", "image", "busybox:1.36");
        return switch (JobSpecReader.read(tree, "local")) {
            case JobSpecReader.Result.Read(JobSpec spec) -> spec;
            case JobSpecReader.Result.Wrong wrong -> throw new AssertionError(wrong);
        };
    }
}
