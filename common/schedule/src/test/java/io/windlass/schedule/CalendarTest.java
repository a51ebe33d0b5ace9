package io.windlass.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens where clocks are set; Berlin on 2027-03-28 and 2027-10-31. */
class CalendarTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    30 2 * * *;    2027-03-27T12:00:00Z; 2027-03-28T01:00:00Z, 2027-03-29T00:30:00Z
                    0,30 2 * * *;  2027-03-27T12:00:00Z; 2027-03-28T01:00:00Z, 2027-03-29T00:00:00Z
                    30 2,3 * * *;  2027-03-27T12:00:00Z; 2027-03-28T01:00:00Z, 2027-03-28T01:30:00Z
                    30 * * * *;    2027-03-28T00:00:00Z; 2027-03-28T00:30:00Z, 2027-03-28T01:30:00Z
                    0 * * * *;     2027-03-27T23:30:00Z; 2027-03-28T00:00:00Z, 2027-03-28T01:00:00Z, 2027-03-28T02:00:00Z
                    30 2 * * *;    2027-10-30T12:00:00Z; 2027-10-31T00:30:00Z, 2027-11-01T01:30:00Z
                    30 2 * * *;    2027-10-31T00:45:00Z; 2027-11-01T01:30:00Z
                    30 2 * * *;    2027-10-31T01:10:00Z; 2027-11-01T01:30:00Z
                    30 * * * *;    2027-10-31T00:00:00Z; 2027-10-31T00:30:00Z, 2027-10-31T01:30:00Z, 2027-10-31T02:30:00Z
                    0 2 * * *;     2027-10-31T00:59:00Z; 2027-11-01T01:00:00Z
                    0 3 * * *;     2027-10-31T00:00:00Z; 2027-10-31T02:00:00Z
                    """)
    void shouldRunOnceWhereALocalTimeIsMissingOrComesTwice(
            String cron, String from, String instants) {
        List<Instant> expected = Arrays.stream(instants.split(", ")).map(Instant::parse).toList();
        assertThat(calendar(cron, "Europe/Berlin").after(Instant.parse(from), expected.size()))
                .map(Planned::at)
                .isEqualTo(expected);
    }

    @Test
    void shouldSayWhatTheClocksDid() {
        Calendar calendar = calendar("30 2 * * *", "Europe/Berlin");
        assertThat(calendar.after(Instant.parse("2027-03-27T12:00:00Z"), 2))
                .map(Planned::note)
                .containsExactly(Planned.Note.SHIFTED, Planned.Note.NONE);
        assertThat(calendar.after(Instant.parse("2027-10-30T12:00:00Z"), 2))
                .map(Planned::note)
                .containsExactly(Planned.Note.FIRST_OF_TWO, Planned.Note.NONE);
    }

    @Test
    void shouldKeepAPeriodWhateverTheClocksDo() {
        Schedule.When when =
                new Schedule.When(
                        null, Duration.ofHours(6), "Europe/Berlin", Duration.ZERO, null, null);
        List<Planned> planned = read(when).after(Instant.parse("2027-03-27T20:00:00Z"), 4);
        assertThat(planned)
                .map(Planned::at)
                .containsExactly(
                        Instant.parse("2027-03-28T00:00:00Z"),
                        Instant.parse("2027-03-28T06:00:00Z"),
                        Instant.parse("2027-03-28T12:00:00Z"),
                        Instant.parse("2027-03-28T18:00:00Z"));
    }

    @Test
    void shouldBeginAndEndWhereItIsToldTo() {
        Instant start = Instant.parse("2027-01-01T00:00:00Z");
        Schedule.When when =
                new Schedule.When(
                        "0 0 * * *",
                        null,
                        "UTC",
                        Duration.ZERO,
                        start,
                        start.plus(Duration.ofDays(2)));
        assertThat(read(when).after(Instant.EPOCH, 10))
                .map(Planned::at)
                .containsExactly(
                        start, start.plus(Duration.ofDays(1)), start.plus(Duration.ofDays(2)));
        Schedule.When never =
                new Schedule.When(
                        "0 0 5 * *",
                        null,
                        "UTC",
                        Duration.ZERO,
                        start,
                        start.plus(Duration.ofDays(2)));
        assertThat(Calendar.of(never, "a/b", Zones.ofJdk()))
                .isEqualTo(
                        new Calendar.Result.Wrong(
                                "cron", "has no instant between startAt and endAt"));
    }

    @Test
    void shouldDelayAllInstantsOfAScheduleByTheSame() {
        Schedule.When when =
                new Schedule.When("0 * * * *", null, "UTC", Duration.ofMinutes(10), null, null);
        List<Duration> delays =
                java.util.stream.IntStream.range(0, 20)
                        .mapToObj(i -> Schedules.calendar(when, "default/" + i).delay())
                        .toList();
        assertThat(delays).allMatch(delay -> delay.compareTo(Duration.ofMinutes(10)) < 0);
        assertThat(delays.stream().distinct().count()).isGreaterThan(10);
        Instant planned = Instant.parse("2027-01-01T00:00:00Z");
        assertThat(Schedules.calendar(when, "default/3").due(planned))
                .isEqualTo(planned.plus(delays.get(3)));
    }

    private static Calendar calendar(String cron, String zone) {
        return read(Schedules.cron(cron, zone));
    }

    private static Calendar read(Schedule.When when) {
        return Schedules.calendar(when, "default/s");
    }
}
