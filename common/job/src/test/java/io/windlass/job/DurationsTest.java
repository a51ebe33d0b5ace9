package io.windlass.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every text is a duration or none; every number is whole and in range or not. */
class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "10m, PT10M",
        "1h30m, PT1H30M",
        "500ms, PT0.5S",
        "2d, PT48H",
        "1m1ms, PT1M0.001S",
        "PT0.0019S, PT0.001S",
        "PT0.0001S, PT0S",
        "999999999d, PT23999999976H",
    })
    void shouldReadWhatPeopleWrite(String text, Duration duration) {
        assertThat(Durations.parse(text)).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "soon",
                "10",
                "m",
                "1s ",
                "1s,1m",
                "1.5s",
                "-1s",
                "1234567890s",
                "P",
                "PT",
                "PT99999999999999999999S",
                "P999999999999999D"
            })
    void shouldReadNothingElse(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }

    /** A pattern with a repeated group would go as deep as this is long. */
    @Test
    void shouldNotReadATextThatIsLongerThanAnyDuration() {
        assertThat(Durations.parse("1s".repeat(2_000))).isEmpty();
        assertThat(Durations.parse("PT" + "0".repeat(100_000) + "1S")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1, true",
        "1.000, true",
        "1E+1, true",
        "-5, true",
        "10.5, false",
        "101, false",
        "-101, false",
        "1E+2147483647, false",
        "1E-2147483647, false",
        "100E+2147483647, false",
        "0E+2147483647, true"
    })
    void shouldKnowAWholeNumberWithoutCountingItsDigits(BigDecimal number, boolean whole) {
        assertThat(Fields.isWhole(number, -100, 100)).isEqualTo(whole);
    }
}
