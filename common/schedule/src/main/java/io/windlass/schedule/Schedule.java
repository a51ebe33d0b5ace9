package io.windlass.schedule;

import io.windlass.job.JobSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is submitted when, as it was asked for. */
public record Schedule(
        String namespace,
        String name,
        When when,
        boolean paused,
        Concurrency concurrency,
        @Nullable Duration startingDeadline,
        CatchUp catchUp,
        Keep keep,
        Map<String, String> labels,
        JobSpec job) {

    /** Either {@code cron} or {@code every}; the texts are those that came. */
    public record When(
            @Nullable String cron,
            @Nullable Duration every,
            String timeZone,
            Duration jitter,
            @Nullable Instant startAt,
            @Nullable Instant endAt) {}

    /** Who it is: what {@code H} and the jitter are made of. */
    public String identity() {
        return namespace + "/" + name;
    }

    public Schedule paused(boolean other) {
        return new Schedule(
                namespace,
                name,
                when,
                other,
                concurrency,
                startingDeadline,
                catchUp,
                keep,
                labels,
                job);
    }
}
