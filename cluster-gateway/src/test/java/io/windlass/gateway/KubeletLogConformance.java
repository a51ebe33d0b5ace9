package io.windlass.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.log.LogReading;
import io.windlass.log.Position;
import io.windlass.log.StampedLines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What a kubelet sends of a log, of which it keeps segments and not lines. Fakes are held to the
 * same.
 *
 * <p>Container {@code long} has written a line, 40,000 bytes of the next, its end two seconds
 * later, another line, and at last some words without an end. Container {@code mixed} has written
 * 40,000 bytes of a line, a line to its other stream, and then the end of the first. Of the 40,000
 * bytes 32 KiB are stored at once, in two segments; the others with the end of the line.
 */
abstract class KubeletLogConformance {
    static final int LENGTH = 40_000;
    static final int STORED_AT_ONCE = 32 << 10;
    static final String LONG_SCRIPT =
            "echo before; head -c 40000 /dev/zero | tr '\\0' y; sleep 2.2; echo end; echo after;"
                    + " printf unfinished; sleep 1";
    static final String MIXED_SCRIPT =
            "head -c 40000 /dev/zero | tr '\\0' y; sleep 0.5; echo other >&2; sleep 0.5; echo end; sleep 1";

    private static final Pattern STAMP =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z ");
    private static final String LAST_SEGMENT = "y".repeat(LENGTH - STORED_AT_ONCE) + "end\n";

    /** Of both containers, after their end. */
    abstract NodeLogs node() throws Exception;

    abstract NodeLogs.Source source(String container);

    private String sent(String container, NodeLogs.Part part) throws Exception {
        try (InputStream in = node().open(source(container), part)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String unstamped(String sent) {
        return STAMP.matcher(sent).replaceAll("<>");
    }

    /** That asks for this second. */
    private static Position in(long second) {
        return new Position(second * 1_000_000_000L + 500_000_000L, 1, 0);
    }

    @Test
    void shouldSendOneTimeForALineOfSeveralSegments() throws Exception {
        assertThat(unstamped(sent("long", new NodeLogs.Part.Present(null))))
                .isEqualTo("<>before\n<>" + "y".repeat(LENGTH) + "end\n<>after\n<>unfinished");
    }

    @Test
    void shouldLeaveOutSegmentsAndNotLinesOfBefore() throws Exception {
        String all = sent("long", new NodeLogs.Part.Present(null));
        Matcher last = STAMP.matcher(all);
        assertThat(last.find(all.indexOf("after") - 40)).isTrue();
        Instant after = Instant.parse(last.group().strip());
        // later than the first segments of the long line, and not later than its last
        long second = after.minusSeconds(1).getEpochSecond();
        assertThat(unstamped(sent("long", new NodeLogs.Part.Present(in(second)))))
                .as("the rest of a line comes without a time")
                .isEqualTo(LAST_SEGMENT + "<>after\n<>unfinished");
    }

    @Test
    void shouldSendFromASecondOnWhatLinesBeganInIt() throws Exception {
        String all = sent("long", new NodeLogs.Part.Present(null));
        Matcher first = STAMP.matcher(all);
        assertThat(first.find()).isTrue();
        long second = Instant.parse(first.group().strip()).getEpochSecond();
        assertThat(sent("long", new NodeLogs.Part.Present(in(second)))).isEqualTo(all);
        assertThat(sent("long", new NodeLogs.Part.Present(in(second + 60)))).isEmpty();
    }

    @Test
    void shouldCountSegmentsFromTheEndAndBeginWithATime() throws Exception {
        assertThat(unstamped(sent("long", new NodeLogs.Part.End(1)))).isEqualTo("<>unfinished");
        assertThat(unstamped(sent("long", new NodeLogs.Part.End(2))))
                .isEqualTo("<>after\n<>unfinished");
        assertThat(unstamped(sent("long", new NodeLogs.Part.End(3))))
                .isEqualTo("<>" + LAST_SEGMENT + "<>after\n<>unfinished");
        assertThat(sent("long", new NodeLogs.Part.End(20)))
                .isEqualTo(sent("long", new NodeLogs.Part.Present(null)));
    }

    @Test
    void shouldSendTheOtherStreamInTheMiddleOfALine() throws Exception {
        assertThat(unstamped(sent("mixed", new NodeLogs.Part.Present(null))))
                .as("its line has no time, and the rest of the first has one")
                .isEqualTo("<>" + "y".repeat(STORED_AT_ONCE) + "other\n<>" + LAST_SEGMENT);
    }

    @Test
    void shouldEndWhatIsFollowedWhereItHasEnded() throws Exception {
        assertThat(sent("long", new NodeLogs.Part.Following(null)))
                .isEqualTo(sent("long", new NodeLogs.Part.Present(null)));
    }

    @Test
    void shouldBeReadAsItWasWritten() throws Exception {
        byte[] sent =
                sent("long", new NodeLogs.Part.Present(null)).getBytes(StandardCharsets.UTF_8);
        LogReading reading = LogReading.begun();
        new StampedLines(reading).feed(sent, sent.length);
        assertThat(reading.lines()).isEqualTo(4);
        assertThat(new String(reading.take().content(), StandardCharsets.UTF_8))
                .isEqualTo("before\n" + "y".repeat(LENGTH) + "end\nafter\nunfinished");
    }

    @Test
    void shouldSayThatAPodIsNotThere() throws Exception {
        NodeLogs.Source nobody =
                new NodeLogs.Source(source("long").namespace(), "nobody", "long", false);
        NodeLogs node = node();
        assertThatThrownBy(() -> node.open(nobody, new NodeLogs.Part.Present(null)).close())
                .isInstanceOf(IOException.class)
                .isInstanceOf(NodeLogs.GoneException.class)
                .hasMessageContaining("nobody");
    }
}
