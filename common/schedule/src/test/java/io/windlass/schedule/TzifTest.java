package io.windlass.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.testing.TzifFile;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files are written as {@code zic} would write them, and read back as the JDK knows the zones. */
class TzifTest {
    private static final Instant FROM = Instant.parse("2000-01-01T00:00:00Z");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Europe/Berlin CET-1CEST,M3.5.0,M10.5.0/3",
                "America/New_York EST5EDT,M3.2.0,M11.1.0",
                "Australia/Lord_Howe <+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
                "Asia/Kolkata IST-5:30",
                "Asia/Jerusalem IST-2IDT,M3.4.4/26,M10.5.0",
                "America/Nuuk <-02>2<-01>,M3.5.0/-1,M10.5.0/0",
                "Pacific/Chatham <+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45",
                "Europe/Dublin IST-1GMT0,M10.5.0,M3.5.0/1"
            })
    void shouldGoOnAsTheJdkKnowsTheZone(String zone) {
        String[] nameAndFooter = zone.split(" ", -1);
        ZoneRules known = ZoneId.of(nameAndFooter[0]).getRules();
        ZoneRules read =
                Tzif.rules(
                        TzifFile.of(
                                known,
                                FROM,
                                Instant.parse("2026-06-01T00:00:00Z"),
                                nameAndFooter[1]));
        Instant at = FROM;
        Instant end = Instant.parse("2100-01-01T00:00:00Z");
        while (at.isBefore(end)) {
            assertThat(read.getOffset(at)).as(at.toString()).isEqualTo(known.getOffset(at));
            ZoneOffsetTransition next = known.nextTransition(at);
            assertThat(read.nextTransition(at)).as("after " + at).isEqualTo(next);
            at = next == null ? end : next.getInstant();
        }
    }

    @Test
    void shouldCountDaysOfAYearAsPosixDoes() {
        ZoneRules read =
                Tzif.rules(
                        TzifFile.of(
                                ZoneOffset.ofHours(3).getRules(),
                                FROM,
                                FROM,
                                "AAA-3BBB,J60/0,299/0"));
        ZoneOffset summer = ZoneOffset.ofHours(4);
        // J60 is the first of March in every year, 299 the 27th of October, or the 26th
        assertThat(read.getOffset(LocalDateTime.parse("2028-03-01T01:30:00"))).isEqualTo(summer);
        assertThat(read.getOffset(LocalDateTime.parse("2028-02-29T22:30:00")))
                .isEqualTo(ZoneOffset.ofHours(3));
        assertThat(read.getOffset(LocalDateTime.parse("2028-10-26T00:30:00")))
                .isEqualTo(ZoneOffset.ofHours(3));
        assertThat(read.getOffset(LocalDateTime.parse("2027-10-26T22:30:00"))).isEqualTo(summer);
    }

    @Test
    void shouldRefuseWhatIsNoSuchFile() {
        byte[] whole = TzifFile.of(ZoneOffset.UTC.getRules(), FROM, FROM, "UTC0");
        for (int length = 0; length < whole.length - 6; length++) {
            byte[] part = java.util.Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Tzif.rules(part)).isInstanceOf(IllegalArgumentException.class);
        }
        byte[] other = whole.clone();
        other[0] = 'X';
        assertThatThrownBy(() -> Tzif.rules(other)).hasMessageContaining("no file of a time zone");
        assertThatThrownBy(() ->
                        Tzif.rules(TzifFile.of(ZoneOffset.UTC.getRules(), FROM, FROM, "nonsense")))
                .hasMessageContaining("how the zone goes on");
    }
}
