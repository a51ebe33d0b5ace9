package io.windlass.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a zone goes on for ever, as {@code CET-1CEST,M3.5.0,M10.5.0/3} says it. */
record PosixZone(ZoneOffset standard, ZoneOffset summer, @Nullable Day begins, @Nullable Day ends) {
    private static final String NAME = "(?:[A-Za-z]{3,}|<[^>]+>)";
    private static final String TIME = "[+-]?\\d{1,3}(?::\\d{2}(?::\\d{2})?)?";
    private static final String DAY =
            "(M\\d{1,2}\\.\\d\\.\\d|J\\d{1,3}|\\d{1,3})(?:/(" + TIME + "))?";
    private static final Pattern ZONE =
            Pattern.compile("%s(%s)(?:%s(%s)?,%s,%s)?".formatted(NAME, TIME, NAME, TIME, DAY, DAY));
    private static final int HOUR = 3_600;

    /** A day of each year, and the seconds from its midnight, which may be on another day. */
    private record Day(String day, int seconds) {
        LocalDate in(int year) {
            if (day.startsWith("M")) {
                String[] parts = day.substring(1).split("\\.", -1);
                LocalDate month = LocalDate.of(year, Integer.parseInt(parts[0]), 1);
                DayOfWeek weekDay = DayOfWeek.of((Integer.parseInt(parts[2]) + 6) % 7 + 1);
                int week = Integer.parseInt(parts[1]);
                return month.with(
                        week == 5
                                ? TemporalAdjusters.lastInMonth(weekDay)
                                : TemporalAdjusters.dayOfWeekInMonth(week, weekDay));
            }
            if (day.startsWith("J")) {
                // 1 to 365, in which a 29th of February is never counted
                int n = Integer.parseInt(day.substring(1));
                return LocalDate.ofYearDay(year, Year.isLeap(year) && n >= 60 ? n + 1 : n);
            }
            return LocalDate.ofYearDay(year, Integer.parseInt(day) + 1);
        }

        long at(int year, ZoneOffset before) {
            return in(year).atStartOfDay().toEpochSecond(before) + seconds;
        }
    }

    /** To another offset, at a second of the epoch. */
    record Change(long at, ZoneOffset after) {}

    static PosixZone read(String text) {
        Matcher zone = ZONE.matcher(text);
        if (!zone.matches()) {
            throw new IllegalArgumentException("does not say how the zone goes on: " + text);
        }
        ZoneOffset standard = ZoneOffset.ofTotalSeconds(-seconds(zone.group(1)));
        if (zone.group(3) == null) {
            return new PosixZone(standard, standard, null, null);
        }
        ZoneOffset summer =
                ZoneOffset.ofTotalSeconds(
                        zone.group(2) == null
                                ? standard.getTotalSeconds() + HOUR
                                : -seconds(zone.group(2)));
        return new PosixZone(
                standard,
                summer,
                day(zone.group(3), zone.group(4)),
                day(zone.group(5), zone.group(6)));
    }

    private static Day day(String day, @Nullable String time) {
        return new Day(day, time == null ? 2 * HOUR : seconds(time));
    }

    private static int seconds(String time) {
        boolean negative = time.startsWith("-");
        int seconds = 0;
        int unit = HOUR;
        for (String part : time.replaceFirst("^[+-]", "").split(":", -1)) {
            seconds += Integer.parseInt(part) * unit;
            unit /= 60;
        }
        return negative ? -seconds : seconds;
    }

    /** Those of a year, in their order. */
    List<Change> changes(int year) {
        List<Change> out = new ArrayList<>();
        if (begins != null && ends != null) {
            out.add(new Change(begins.at(year, standard), summer));
            out.add(new Change(ends.at(year, summer), standard));
            out.sort(Comparator.comparingLong(Change::at));
        }
        return out;
    }
}
