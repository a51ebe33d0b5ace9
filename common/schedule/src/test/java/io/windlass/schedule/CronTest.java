package io.windlass.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {
    private static final LocalDateTime SATURDAY = LocalDateTime.parse("2026-11-21T00:00:00");

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    30 2 * * *;           2026-11-21T02:30, 2026-11-22T02:30
                    */20 * * * *;         2026-11-21T00:20, 2026-11-21T00:40
                    */30 * * * * *;       2026-11-21T00:00:30, 2026-11-21T00:01
                    0 9 * * MON-FRI;      2026-11-23T09:00, 2026-11-24T09:00
                    0 9 * * mon;          2026-11-23T09:00, 2026-11-30T09:00
                    0 0 * * 7;            2026-11-22T00:00, 2026-11-29T00:00
                    0 0 1 jan *;          2027-01-01T00:00, 2028-01-01T00:00
                    0 0 29 2 *;           2028-02-29T00:00, 2032-02-29T00:00
                    0 0 ? * SUN;          2026-11-22T00:00, 2026-11-29T00:00
                    @daily;               2026-11-22T00:00, 2026-11-23T00:00
                    @Hourly;              2026-11-21T01:00, 2026-11-21T02:00
                    @weekly;              2026-11-22T00:00, 2026-11-29T00:00
                    @monthly;             2026-12-01T00:00, 2027-01-01T00:00
                    @yearly;              2027-01-01T00:00, 2028-01-01T00:00
                    """)
    void shouldNameLocalTimes(String text, String times) {
        assertThat(next(text, 2)).isEqualTo(times(times));
    }

    /** Finding S14: in crontab and in Kubernetes a week begins with Sunday, which is 0. */
    @ParameterizedTest
    @Tag("finding")
    @Tag("S14")
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    0 0 * * */3;  2026-11-22T00:00, 2026-11-25T00:00, 2026-11-28T00:00
                    0 0 * * */2;  2026-11-22T00:00, 2026-11-24T00:00, 2026-11-26T00:00, 2026-11-28T00:00
                    """)
    void shouldStepThroughAWeekThatBeginsWithSunday(String text, String times) {
        assertThat(next(text, times(times).size())).isEqualTo(times(times));
    }

    @Test
    void shouldTakeEitherDayWhereBothAreGiven() {
        assertThat(next("0 0 1 * FRI", 4))
                .isEqualTo(
                        times(
                                "2026-11-27T00:00, 2026-12-01T00:00, 2026-12-04T00:00, 2026-12-11T00:00"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    0 0 30 2 *;       names no day that any year has
                    0 0 31 4,6,9 *;   names no day that any year has
                    61 * * * *;       cannot be read
                    * * * *;          must have five fields
                    '';               must have five fields
                    0 0 * * * * 2027; must have five fields
                    a b c d e;        cannot be read
                    0 22-2 * * *;     cannot be read
                    @every 10m;       leave cron out and say every
                    @reboot;          can never fire
                    @fortnightly;     knows of the nicknames
                    CRON_TZ=UTC 0 0 * * *; must not name a zone
                    H(0-99) * * * *;  must lie within 0-59
                    H/90 * * * *;     has a step that is larger
                    """)
    void shouldSayWhatIsWrong(String text, String message) {
        assertThat(Cron.read(text, "a/b"))
                .isInstanceOfSatisfying(
                        Cron.Result.Wrong.class,
                        wrong ->
                                assertThat(wrong.message())
                                        .contains(message)
                                        .doesNotContain("\"" + text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"H H * * *", "H(0-29)/10 * * * *", "H/15 H(9-17) H * H", "H H H * * *"})
    void shouldGiveEachScheduleTimesOfItsOwnThatStay(String text) {
        List<List<LocalDateTime>> of =
                IntStream.range(0, 50).mapToObj(i -> next(text, "default/job-" + i, 3)).toList();
        assertThat(next(text, "default/job-0", 3)).isEqualTo(of.getFirst());
        assertThat(of.stream().distinct().count()).isGreaterThan(5);
    }

    @Test
    void shouldKeepAHashedStepWithinItsRange() {
        assertThat(next("H(0-29)/10 * * * *", 6))
                .allSatisfy(time -> assertThat(time.getMinute()).isLessThan(30))
                .map(LocalDateTime::getHour)
                .containsExactly(0, 0, 0, 1, 1, 1);
    }

    private static List<LocalDateTime> next(String text, int most) {
        return next(text, "a/b", most);
    }

    private static List<LocalDateTime> next(String text, String identity, int most) {
        Cron cron =
                switch (Cron.read(text, identity)) {
                    case Cron.Result.Read(Cron read) -> read;
                    case Cron.Result.Wrong(String message) -> throw new AssertionError(message);
                };
        List<LocalDateTime> out = new ArrayList<>();
        LocalDateTime time = SATURDAY;
        for (int i = 0; i < most; i++) {
            time = cron.after(time).orElseThrow();
            out.add(time);
        }
        return out;
    }

    private static List<LocalDateTime> times(String times) {
        return List.of(times.split(", ")).stream().map(LocalDateTime::parse).toList();
    }
}
