package io.windlass.schedule;

import io.windlass.job.FieldError;
import io.windlass.job.Fields;
import io.windlass.job.JobSpec;
import io.windlass.job.JobSpecReader;
import io.windlass.job.Labels;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a schedule from a tree. Total: every tree gives a schedule or errors. */
public final class ScheduleReader {
    public static final Set<String> FIELDS =
            Set.of(
                    "name",
                    "namespace",
                    "cron",
                    "every",
                    "timeZone",
                    "paused",
                    "concurrency",
                    "startingDeadline",
                    "catchUp",
                    "jitter",
                    "startAt",
                    "endAt",
                    "keep",
                    "labels",
                    "job");

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration YEAR = Duration.ofDays(366);
    private static final Duration DAY = Duration.ofDays(1);
    private static final int MOST_KEPT = 10_000;
    private static final Instant FIRST = Instant.EPOCH;
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    /** Either of the two. */
    public sealed interface Result {
        record Read(Schedule schedule, Calendar calendar) implements Result {}

        record Wrong(List<FieldError> errors) implements Result {}
    }

    private final List<FieldError> errors = new ArrayList<>();
    private final Zones zones;
    private final String defaultCluster;

    private ScheduleReader(Zones zones, String defaultCluster) {
        this.zones = zones;
        this.defaultCluster = defaultCluster;
    }

    public static Result read(@Nullable Object tree, String defaultCluster, Zones zones) {
        if (!(tree instanceof Map<?, ?> map)) {
            return new Result.Wrong(List.of(new FieldError("", "must be an object")));
        }
        return new ScheduleReader(zones, defaultCluster).read(map);
    }

    private Result read(Map<?, ?> map) {
        Fields in = new Fields(map, "", errors);
        in.onlyKnown(FIELDS);
        if (!in.has("name")) {
            in.error("name", "is required");
        }
        String name = in.name("name", "");
        String namespace = in.name("namespace", "default");
        Schedule.When when = when(in);
        Concurrency concurrency = concurrency(in);
        Duration deadline = in.duration("startingDeadline", SECOND, YEAR);
        CatchUp catchUp = catchUp(in);
        Keep keep = keep(in);
        Map<String, String> labels = Labels.read(in);
        boolean paused = Boolean.TRUE.equals(in.typed("paused", Boolean.class, "true or false"));
        JobSpec job = job(in, name, namespace);
        Calendar calendar = errors.isEmpty() ? calendar(when, namespace + "/" + name) : null;
        if (job == null || calendar == null || !errors.isEmpty()) {
            return new Result.Wrong(List.copyOf(errors));
        }
        return new Result.Read(
                new Schedule(
                        namespace,
                        name,
                        when,
                        paused,
                        concurrency,
                        deadline,
                        catchUp,
                        keep,
                        labels,
                        job),
                calendar);
    }

    private Schedule.When when(Fields in) {
        Duration jitter = in.duration("jitter", Duration.ZERO, DAY);
        Instant startAt = instant(in, "startAt");
        Instant endAt = instant(in, "endAt");
        if (startAt != null && endAt != null && endAt.isBefore(startAt)) {
            in.error("endAt", "must not be before startAt");
        }
        return new Schedule.When(
                in.text("cron"),
                in.duration("every", SECOND, YEAR),
                in.text("timeZone", "UTC"),
                jitter == null ? Duration.ZERO : jitter,
                startAt,
                endAt);
    }

    private @Nullable Calendar calendar(Schedule.When when, String identity) {
        return switch (Calendar.of(when, identity, zones)) {
            case Calendar.Result.Read(Calendar read) -> read;
            case Calendar.Result.Wrong(String field, String message) -> {
                errors.add(new FieldError("/" + field, message));
                yield null;
            }
        };
    }

    private static @Nullable Instant instant(Fields in, String field) {
        String text = in.text(field);
        if (text == null) {
            return null;
        }
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS);
            if (instant.isBefore(FIRST) || !instant.isBefore(END)) {
                in.error(field, "must be in the years 1970 to 9999");
                return null;
            }
            return instant;
        } catch (DateTimeException e) {
            in.error(field, "must be a time with its offset, as 2027-01-31T09:00:00Z");
            return null;
        }
    }

    private static Concurrency concurrency(Fields in) {
        String text = in.text("concurrency", Concurrency.ALLOW.text());
        for (Concurrency concurrency : Concurrency.values()) {
            if (concurrency.text().equals(text)) {
                return concurrency;
            }
        }
        in.error("concurrency", "must be Allow, Forbid, Replace or Queue");
        return Concurrency.ALLOW;
    }

    private static CatchUp catchUp(Fields in) {
        Object value = in.tree().get("catchUp");
        return switch (value) {
            case null -> new CatchUp.Latest();
            case String text when text.equals("latest") -> new CatchUp.Latest();
            case String text when text.equals("none") -> new CatchUp.None();
            case Map<?, ?> map
                    when map.size() == 1
                            && map.get("all") instanceof BigDecimal most
                            && Fields.isWhole(most, 1, CatchUp.MOST) ->
                    new CatchUp.All(most.intValueExact());
            default -> {
                in.error(
                        "catchUp",
                        "must be \"none\", \"latest\" or {\"all\": N}, N from 1 to "
                                + CatchUp.MOST);
                yield new CatchUp.Latest();
            }
        };
    }

    private static Keep keep(Fields in) {
        Fields keep = in.object("keep");
        if (keep == null) {
            return Keep.DEFAULT;
        }
        keep.onlyKnown(Set.of("succeeded", "failed", "age"));
        return new Keep(
                keep.whole("succeeded", Keep.DEFAULT.succeeded(), 0, MOST_KEPT),
                keep.whole("failed", Keep.DEFAULT.failed(), 0, MOST_KEPT),
                keep.has("age")
                        ? keep.duration("age", Duration.ofMinutes(1), YEAR.multipliedBy(10))
                        : Keep.DEFAULT.age());
    }

    /** Has the name and the namespace of its schedule where it names none. */
    private @Nullable JobSpec job(Fields in, String name, String namespace) {
        if (!in.has("job")) {
            in.error("job", "is required: what is to be submitted");
            return null;
        }
        Fields job = in.object("job");
        if (job == null) {
            return null;
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>(job.tree());
        tree.putIfAbsent("name", name);
        tree.putIfAbsent("namespace", namespace);
        if (!namespace.equals(tree.get("namespace"))) {
            job.error("namespace", "must be that of the schedule, or left out");
        }
        switch (JobSpecReader.read(tree, defaultCluster)) {
            case JobSpecReader.Result.Read(JobSpec spec) -> {
                return spec;
            }
            case JobSpecReader.Result.Wrong(List<FieldError> wrong) -> {
                // a name that is wrong is told of where it stands
                wrong.stream()
                        .filter(error -> !inherited(job, error.pointer()))
                        .map(error -> new FieldError("/job" + error.pointer(), error.message()))
                        .forEach(errors::add);
                return null;
            }
        }
    }

    private static boolean inherited(Fields job, String pointer) {
        return (pointer.equals("/name") && !job.has("name"))
                || (pointer.equals("/namespace") && !job.has("namespace"));
    }
}
