package io.windlass.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.log.LogReading;
import io.windlass.log.Piece;
import io.windlass.log.StampedLines;
import io.windlass.store.LogClaims;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of a log is in memory, for who stores it and for who reads along. */
class LiveLogTest {
    private static final LogSettings SETTINGS =
            new LogSettings(
                    40,
                    100_000,
                    Duration.ofDays(1),
                    1 << 30,
                    1024,
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(3));

    private final LiveLog live =
            new LiveLog(
                    new LogClaims.OpenLog(1, "main", LogReading.begun().state(), false, List.of()),
                    SETTINGS,
                    () -> {});

    private boolean feed(int by, StampedLines lines, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return live.feed(by, lines, bytes, bytes.length);
    }

    private static String line(int n) {
        return "2026-01-01T00:00:%02d.000000000Z line %d\n".formatted(n, n);
    }

    private String read(long offset) throws Exception {
        return live.read(offset, 1 << 20, Duration.ZERO) instanceof LiveLog.Read.Some some
                ? new String(some.piece().content(), StandardCharsets.UTF_8)
                : "";
    }

    @Test
    void shouldTakeNothingFromWhomAnotherHasRelieved() throws Exception {
        int first = live.newReader();
        StampedLines lines = new StampedLines(live.sink());
        assertThat(feed(first, lines, line(1))).isTrue();
        int second = live.newReader();
        assertThat(feed(first, lines, line(2))).isFalse();
        assertThat(feed(second, new StampedLines(live.sink()), line(2))).isTrue();
        assertThat(read(0)).isEqualTo("line 1\nline 2\n");
    }

    @Test
    void shouldGiveReadersWhatIsNotStoredAndSendOthersToTheStore() throws Exception {
        int me = live.newReader();
        StampedLines lines = new StampedLines(live.sink());
        feed(me, lines, line(1));
        assertThat(read(5)).isEqualTo("1\n");
        assertThat(live.read(7, 10, Duration.ZERO)).isInstanceOf(LiveLog.Read.Nothing.class);
        LiveLog again =
                new LiveLog(
                        new LogClaims.OpenLog(
                                1, "main", live.due(true).orElseThrow().state(), false, List.of()),
                        SETTINGS,
                        () -> {});
        assertThat(again.read(0, 10, Duration.ZERO)).isInstanceOf(LiveLog.Read.Behind.class);
    }

    @Test
    void shouldOfferTheSameAgainUntilItIsStoredAndCutItWhereTheHeadEnds() throws Exception {
        int me = live.newReader();
        StampedLines lines = new StampedLines(live.sink());
        for (int i = 1; i <= 9; i++) {
            feed(me, lines, line(i));
        }
        assertThat(live.due(false)).as("too little, too young").isEmpty();
        LiveLog.Flush flush = live.due(true).orElseThrow();
        feed(me, lines, line(10));
        assertThat(live.due(true)).containsSame(flush);
        assertThat(flush.pieces()).extracting(Piece::from).containsExactly(0L, 40L);
        assertThat(flush.sha256()).isEmpty();
        live.stored(flush);
        live.end();
        LiveLog.Flush last = live.due(false).orElseThrow();
        assertThat(last.expected()).isEqualTo(63);
        assertThat(last.sha256()).isPresent();
        live.stored(last);
        assertThat(live.closed()).isTrue();
        assertThat(live.read(71, 10, Duration.ZERO)).isInstanceOf(LiveLog.Read.End.class);
    }

    @Test
    void shouldEndForReadersWhereAnotherFollowsItNow() throws Exception {
        int me = live.newReader();
        feed(me, new StampedLines(live.sink()), line(1));
        live.takenOver();
        assertThat(live.read(0, 10, Duration.ofMinutes(1))).isInstanceOf(LiveLog.Read.End.class);
        assertThat(live.due(true)).isEmpty();
    }
}
