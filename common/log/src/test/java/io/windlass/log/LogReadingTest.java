package io.windlass.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LogReadingTest {
    @Test
    void shouldGiveBackByteForByteWhatANodeSentWhereverItWasCut() throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            StampedLog log = StampedLog.random(random, 1 + random.nextInt(40));
            LogReading reading = LogReading.begun();
            StampedLog.feed(new StampedLines(reading), log.sent(0), Integer.MAX_VALUE, random);
            assertThat(reading.take().content()).as("seed " + seed).isEqualTo(log.content());
            assertThat(reading.lines()).isEqualTo(log.lines());
            assertThat(reading.sha256()).isEqualTo(sha256(log.content()));
        }
    }

    /** The connection breaks again and again, and each time another process goes on. */
    @Test
    void shouldLoseAndRepeatNothingWhereItIsTakenUpAgain() throws Exception {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            takeUpAgain("seed " + seed, StampedLog.random(random, 1 + random.nextInt(60)), random);
        }
    }

    /**
     * Finding L2: the rest of a line that began before the second that is asked for has no time.
     */
    @Test
    @Tag("finding")
    @Tag("L2")
    void shouldLoseAndRepeatNothingWhereItIsTakenUpAgainAfterALongLine() throws Exception {
        List<Integer> takenForNoLog = new ArrayList<>();
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            StampedLog log = StampedLog.random(random, 1 + random.nextInt(60), 10);
            try {
                takeUpAgain("seed " + seed, log, random);
            } catch (StampedLines.NotALogException e) {
                takenForNoLog.add(seed);
            }
        }
        assertThat(takenForNoLog).as("seeds").isEmpty();
    }

    private static void takeUpAgain(String seed, StampedLog log, Random random) throws Exception {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        LogReading.State state = LogReading.begun().state();
        for (int i = 0; i < 8; i++) {
            LogReading reading = LogReading.takenUp(state);
            byte[] sent = sentFor(log, reading);
            Resumption resumption = resumption(reading);
            LineSink sink = resumption == null ? reading : resumption;
            int most = i == 7 ? Integer.MAX_VALUE : random.nextInt(sent.length + 1);
            StampedLog.feed(new StampedLines(sink), sent, most, random);
            kept.writeBytes(reading.take().content());
            state = reading.state();
        }
        assertThat(kept.toByteArray()).as(seed).isEqualTo(log.content());
        LogReading last = LogReading.takenUp(state);
        assertThat(last.sha256()).isEqualTo(sha256(log.content()));
        assertThat(last.losses()).isEmpty();
    }

    @Test
    void shouldTellWhereSomethingIsMissingThatWasRotatedAwayMeanwhile() throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            StampedLog log = StampedLog.random(random, 60);
            LogReading first = LogReading.begun();
            byte[] sent = log.sent(0);
            StampedLog.feed(new StampedLines(first), sent, sent.length / 8, random);
            long read = first.bytes();
            LogReading second = LogReading.takenUp(first.state());
            StampedLog rotated = log.rotated(15);
            Resumption resumption = resumption(second);
            StampedLog.feed(
                    new StampedLines(resumption),
                    sentFor(rotated, second),
                    Integer.MAX_VALUE,
                    random);
            resumption.end();
            assertThat(second.losses()).as("seed " + seed).hasSize(1);
            assertThat(second.losses().getFirst().at()).isEqualTo(read);
            assertThat(second.take().content()).as("seed " + seed).isEqualTo(rotated.content());
        }
    }

    /** A writer that is rotated away all day long. */
    @Test
    void shouldNotTellOfEachOfManyLosses() {
        LogReading reading = LogReading.begun();
        for (int i = 0; i < 100_000; i++) {
            reading.lost(Loss.Why.ROTATED, "rotated");
        }
        assertThat(reading.losses()).hasSize(101);
        assertThat(reading.losses().getLast().message()).contains("in many places");
    }

    @Test
    void shouldTakeANodesOwnWordsForNoLog() {
        LogReading reading = LogReading.begun();
        byte[] words =
                "unable to retrieve container logs for containerd://abc"
                        .getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> new StampedLines(reading).feed(words, words.length))
                .isInstanceOf(StampedLines.NotALogException.class)
                .hasMessageContaining("unable");
        assertThat(reading.bytes()).isZero();
    }

    private static byte[] sentFor(StampedLog log, LogReading reading) {
        Position position = reading.position();
        return log.sent(position == null ? 0 : position.sinceSeconds());
    }

    private static Resumption resumption(LogReading reading) {
        Position position = reading.position();
        return position == null
                ? null
                : new Resumption(
                        position, reading, nanos -> reading.lost(Loss.Why.ROTATED, "rotated"));
    }

    static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
