package io.windlass.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A schedule drawn at random as sets of numbers, which are written as a cron expression and, apart
 * from any cron library, looked up minute by minute in a year.
 */
public record RandomSchedule(@Nullable Duration every, Fields fields, ZoneId zone, Window window) {
    private static final List<String> ZONES =
            List.of(
                    "Europe/Berlin",
                    "America/New_York",
                    "Australia/Lord_Howe",
                    "Asia/Kolkata",
                    "UTC");
    private static final int MOST = 10_000;

    /** What a cron expression names; not read where the schedule is periodic. */
    public record Fields(
            Set<Integer> seconds,
            Set<Integer> minutes,
            Set<Integer> hours,
            Set<Integer> monthDays,
            Set<Integer> months,
            Set<Integer> weekDays) {}

    /** Where it begins and ends, both inclusive, and by how much its runs may be delayed. */
    public record Window(@Nullable Instant startAt, @Nullable Instant endAt, Duration jitter) {
        boolean contains(Instant instant) {
            return (startAt == null || !instant.isBefore(startAt))
                    && (endAt == null || !instant.isAfter(endAt));
        }
    }

    /** One of at most so many instants that a year is done in no time. */
    public static RandomSchedule of(Random random, Instant from, Instant to) {
        while (true) {
            RandomSchedule drawn = draw(random, from, to);
            int instants = drawn.instants(from, to).size();
            if (instants > 0 && instants <= MOST) {
                return drawn;
            }
        }
    }

    private static RandomSchedule draw(Random random, Instant from, Instant to) {
        ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
        boolean periodic = random.nextInt(8) == 0;
        Fields fields =
                new Fields(
                        random.nextInt(6) == 0 ? some(random, 0, 59, 2) : Set.of(0),
                        some(random, 0, 59, 1 + random.nextInt(3)),
                        // the hours in which clocks are set more often than others; now and then
                        // all
                        random.nextInt(3) == 0
                                ? all(0, 23)
                                : random.nextBoolean()
                                        ? some(random, 0, 3, 2)
                                        : some(random, 0, 23, 3),
                        random.nextInt(3) == 0 ? some(random, 1, 31, 4) : all(1, 31),
                        random.nextInt(4) == 0 ? some(random, 1, 12, 5) : all(1, 12),
                        random.nextInt(3) == 0 ? some(random, 0, 6, 3) : all(0, 6));
        return new RandomSchedule(
                periodic ? Duration.ofSeconds(3_600 + random.nextInt(200_000)) : null,
                fields,
                zone,
                window(random, from, to));
    }

    /** Begins before the time that is looked at or within it, and ends within it or after it. */
    private static Window window(Random random, Instant from, Instant to) {
        long length = Duration.between(from, to).toSeconds();
        Instant startAt =
                random.nextInt(3) > 0
                        ? null
                        : from.plusSeconds(random.nextLong(length) - length / 4)
                                .plusMillis(random.nextBoolean() ? 0 : random.nextInt(1_000));
        Instant endAt =
                random.nextInt(3) > 0
                        ? null
                        : (startAt == null ? from : startAt)
                                .plusSeconds(1 + random.nextLong(length));
        Duration jitter =
                random.nextInt(3) > 0
                        ? Duration.ZERO
                        : Duration.ofMillis(1 + random.nextLong(Duration.ofHours(24).toMillis()));
        return new Window(startAt, endAt, jitter);
    }

    private static Set<Integer> all(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().collect(Collectors.toSet());
    }

    private static Set<Integer> some(Random random, int from, int to, int most) {
        return random.ints(1 + random.nextInt(most), from, to + 1)
                .boxed()
                .collect(Collectors.toSet());
    }

    /** None where it is periodic. */
    public @Nullable String cron() {
        return every != null
                ? null
                : String.join(
                        " ",
                        field(fields.seconds(), 0, 59),
                        field(fields.minutes(), 0, 59),
                        field(fields.hours(), 0, 23),
                        field(fields.monthDays(), 1, 31),
                        field(fields.months(), 1, 12),
                        field(fields.weekDays(), 0, 6));
    }

    private static String field(Set<Integer> values, int from, int to) {
        return values.size() == to - from + 1
                ? "*"
                : new TreeSet<>(values)
                        .stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** From the one, exclusively, to the other, inclusively; by looking at every minute. */
    public List<Instant> instants(Instant from, Instant to) {
        return (every == null ? cronInstants(from, to) : periods(every, from, to))
                .stream().filter(window::contains).toList();
    }

    /** Counted from where it begins; from 1970 where it names no beginning. */
    private List<Instant> periods(Duration period, Instant from, Instant to) {
        Instant startAt = window.startAt();
        List<Instant> out = new ArrayList<>();
        Instant at = startAt == null ? Instant.EPOCH : startAt;
        if (!at.isAfter(from)) {
            long passed = Duration.between(at, from).dividedBy(period);
            at = at.plus(period.multipliedBy(passed + 1));
        }
        for (; !at.isAfter(to); at = at.plus(period)) {
            out.add(at);
        }
        return out;
    }

    private List<Instant> cronInstants(Instant from, Instant to) {
        TreeSet<Instant> out = new TreeSet<>();
        boolean aroundTheClock = fields.hours().size() == 24;
        Set<LocalDateTime> shown = new HashSet<>();
        Instant twoDaysBefore = from.minus(Duration.ofDays(2));
        Instant at = twoDaysBefore;
        for (LocalDateTime local : WallClock.minutes(zone, twoDaysBefore, to)) {
            if (matches(local) && (aroundTheClock || shown.add(local))) {
                for (int second : fields.seconds()) {
                    out.add(at.plusSeconds(second));
                }
            }
            at = at.plusSeconds(60);
        }
        if (!aroundTheClock) {
            out.addAll(atShifts(twoDaysBefore, to));
        }
        return new ArrayList<>(out.tailSet(from, false).headSet(to, true));
    }

    private List<Instant> atShifts(Instant from, Instant to) {
        List<Instant> out = new ArrayList<>();
        ZoneOffsetTransition shift = zone.getRules().nextTransition(from);
        while (shift != null && !shift.getInstant().isAfter(to)) {
            LocalDateTime skipped = shift.getDateTimeBefore();
            while (shift.isGap() && skipped.isBefore(shift.getDateTimeAfter())) {
                if (matches(skipped)) {
                    out.add(shift.getInstant());
                }
                skipped = skipped.plusMinutes(1);
            }
            shift = zone.getRules().nextTransition(shift.getInstant());
        }
        return out;
    }

    private boolean matches(LocalDateTime local) {
        return fields.minutes().contains(local.getMinute())
                && fields.hours().contains(local.getHour())
                && fields.months().contains(local.getMonthValue())
                && day(local);
    }

    private boolean day(LocalDateTime local) {
        boolean ofMonth = fields.monthDays().contains(local.getDayOfMonth());
        boolean ofWeek = fields.weekDays().contains(local.getDayOfWeek().getValue() % 7);
        boolean either = fields.monthDays().size() < 31 && fields.weekDays().size() < 7;
        return either ? ofMonth || ofWeek : ofMonth && ofWeek;
    }
}
