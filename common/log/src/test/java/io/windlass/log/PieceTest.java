package io.windlass.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PieceTest {
    private static Piece random(int seed) throws Exception {
        Random random = new Random(seed);
        LogReading reading = LogReading.begun();
        StampedLog.feed(
                new StampedLines(reading),
                StampedLog.random(random, 1 + random.nextInt(40)).sent(0),
                Integer.MAX_VALUE,
                random);
        return reading.take();
    }

    private static void assertSame(Piece piece, Piece other) {
        assertThat(other.from()).isEqualTo(piece.from());
        assertThat(other.content()).isEqualTo(piece.content());
        assertThat(lines(other)).isEqualTo(lines(piece));
    }

    private static List<String> lines(Piece piece) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < piece.lines(); i++) {
            lines.add(piece.from() + piece.start(i) + " " + piece.time(i));
        }
        return lines;
    }

    @Test
    void shouldComeBackAsItWasStored() throws Exception {
        for (int seed = 0; seed < 100; seed++) {
            Piece piece = random(seed);
            assertSame(piece, Piece.decoded(piece.encoded()));
        }
    }

    @Test
    void shouldBeTheSameAgainWhereItWasCutAndJoined() throws Exception {
        for (int seed = 0; seed < 100; seed++) {
            Piece piece = random(seed);
            long at = new Random(seed).nextInt(piece.length() + 1);
            List<Piece> cut = PieceBuilder.cut(piece, at);
            assertSame(piece, PieceBuilder.joined(cut));
            if (cut.size() == 2) {
                assertSame(cut.getLast(), piece.after(at));
            }
        }
    }

    @Test
    void shouldRefuseWhatIsNoPiece() throws Exception {
        byte[] encoded = random(1).encoded();
        byte[] cut = java.util.Arrays.copyOf(encoded, encoded.length - 5);
        byte[] wrong = encoded.clone();
        wrong[14] = 0x7f;
        assertThatThrownBy(() -> Piece.decoded(cut)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Piece.decoded(wrong)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Piece.decoded(new byte[3]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
