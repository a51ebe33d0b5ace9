package io.windlass.schedule;

import io.windlass.job.Durations;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** The instants of one schedule, from where it begins to where it ends. */
public final class Calendar {
    /** Either of the two. */
    public sealed interface Result {
        record Read(Calendar calendar) implements Result {}

        record Wrong(String field, String message) implements Result {}
    }

    private final Timing timing;
    private final @Nullable Instant startAt;
    private final @Nullable Instant endAt;
    private final Duration delay;

    private Calendar(Timing timing, Schedule.When when, String identity) {
        this.timing = timing;
        this.startAt = inMillis(when.startAt());
        this.endAt = inMillis(when.endAt());
        this.delay = delay(when.jitter(), identity);
    }

    public static Result of(Schedule.When when, String identity, Zones zones) {
        ZoneRules rules = zones.rules(when.timeZone()).orElse(null);
        if (rules == null) {
            return new Result.Wrong(
                    "timeZone",
                    "is not a zone that is known here; write one like Europe/Berlin or UTC");
        }
        String cron = when.cron();
        Duration every = when.every();
        if ((cron == null) == (every == null)) {
            return new Result.Wrong("cron", "either cron or every is required, and not both");
        }
        Timing timing;
        if (cron == null) {
            Instant start = inMillis(when.startAt());
            Instant anchor = start == null ? Instant.EPOCH : start;
            timing = new Timing.Every(Objects.requireNonNull(every), anchor, rules);
        } else {
            switch (Cron.read(cron, identity)) {
                case Cron.Result.Wrong(String message) -> {
                    return new Result.Wrong("cron", message);
                }
                case Cron.Result.Read(Cron read) -> timing = Timing.of(read, rules);
            }
        }
        Calendar calendar = new Calendar(timing, when, identity);
        Instant begin = when.startAt() == null ? Instant.EPOCH : when.startAt();
        return calendar.after(begin.minusNanos(1)).isEmpty()
                ? new Result.Wrong(
                        cron == null ? "every" : "cron", "has no instant between startAt and endAt")
                : new Result.Read(calendar);
    }

    /** Rows keep microseconds: an instant between two of them would come again as another. */
    private static @Nullable Instant inMillis(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * The same delay for every instant of a schedule: it spreads schedules, and keeps the order and
     * the distances of their instants.
     */
    private static Duration delay(Duration jitter, String identity) {
        if (jitter.toMillis() == 0) {
            return Duration.ZERO;
        }
        CRC32 hash = new CRC32();
        hash.update(ByteBuffer.wrap(identity.getBytes(StandardCharsets.UTF_8)));
        return Duration.ofMillis(hash.getValue() % jitter.toMillis());
    }

    /** The first planned instant strictly later. */
    public Optional<Planned> after(Instant instant) {
        Instant from =
                startAt != null && instant.isBefore(startAt) ? startAt.minusNanos(1) : instant;
        return timing.after(from).filter(next -> endAt == null || !next.at().isAfter(endAt));
    }

    /** The first so many. */
    public List<Planned> after(Instant instant, int most) {
        List<Planned> out = new ArrayList<>();
        Optional<Planned> next = after(instant);
        while (next.isPresent() && out.size() < most) {
            out.add(next.get());
            next = after(next.get().at());
        }
        return out;
    }

    /** When a planned instant is acted upon. */
    public Instant due(Instant planned) {
        return planned.plus(delay);
    }

    public Duration delay() {
        return delay;
    }

    @Override
    public String toString() {
        return timing + (delay.isZero() ? "" : " + " + Durations.format(delay));
    }
}
