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
public record RandomSchedule(
        @Nullable Duration every,
        Set<Integer> seconds,
        Set<Integer> minutes,
        Set<Integer> hours,
        Set<Integer> monthDays,
        Set<Integer> months,
        Set<Integer> weekDays,
        ZoneId zone) {
    private static final List<String> ZONES =
            List.of(
                    "Europe/Berlin",
                    "America/New_York",
                    "Australia/Lord_Howe",
                    "Asia/Kolkata",
                    "UTC");
    private static final int MOST = 10_000;

    /** One of at most so many instants that a year is done in no time. */
    public static RandomSchedule of(Random random, Instant from, Instant to) {
        while (true) {
            RandomSchedule drawn = draw(random);
            int instants = drawn.instants(from, to).size();
            if (instants > 0 && instants <= MOST) {
                return drawn;
            }
        }
    }

    private static RandomSchedule draw(Random random) {
        ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
        boolean periodic = random.nextInt(8) == 0;
        return new RandomSchedule(
                periodic ? Duration.ofSeconds(3_600 + random.nextInt(200_000)) : null,
                random.nextInt(6) == 0 ? some(random, 0, 59, 2) : Set.of(0),
                some(random, 0, 59, 1 + random.nextInt(3)),
                // the hours in which clocks are set more often than others; now and then all
                random.nextInt(3) == 0
                        ? all(0, 23)
                        : random.nextBoolean() ? some(random, 0, 3, 2) : some(random, 0, 23, 3),
                random.nextInt(3) == 0 ? some(random, 1, 31, 4) : all(1, 31),
                random.nextInt(4) == 0 ? some(random, 1, 12, 5) : all(1, 12),
                random.nextInt(3) == 0 ? some(random, 0, 6, 3) : all(0, 6),
                zone);
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
                        field(seconds, 0, 59),
                        field(minutes, 0, 59),
                        field(hours, 0, 23),
                        field(monthDays, 1, 31),
                        field(months, 1, 12),
                        field(weekDays, 0, 6));
    }

    private static String field(Set<Integer> values, int from, int to) {
        return values.size() == to - from + 1
                ? "*"
                : new TreeSet<>(values)
                        .stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** From the one, exclusively, to the other, inclusively; by looking at every minute. */
    public List<Instant> instants(Instant from, Instant to) {
        TreeSet<Instant> out = new TreeSet<>();
        if (every != null) {
            long seconds = every.toSeconds();
            long first = (from.getEpochSecond() / seconds + 1) * seconds;
            for (long at = first; at <= to.getEpochSecond(); at += seconds) {
                out.add(Instant.ofEpochSecond(at));
            }
            return List.copyOf(out);
        }
        boolean aroundTheClock = hours.size() == 24;
        Set<LocalDateTime> shown = new HashSet<>();
        Instant twoDaysBefore = from.minus(Duration.ofDays(2));
        Instant at = twoDaysBefore;
        for (LocalDateTime local : WallClock.minutes(zone, twoDaysBefore, to)) {
            if (matches(local) && (aroundTheClock || shown.add(local))) {
                for (int second : seconds) {
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
        return minutes.contains(local.getMinute())
                && hours.contains(local.getHour())
                && months.contains(local.getMonthValue())
                && day(local);
    }

    private boolean day(LocalDateTime local) {
        boolean ofMonth = monthDays.contains(local.getDayOfMonth());
        boolean ofWeek = weekDays.contains(local.getDayOfWeek().getValue() % 7);
        boolean either = monthDays.size() < 31 && weekDays.size() < 7;
        return either ? ofMonth || ofWeek : ofMonth && ofWeek;
    }
}
