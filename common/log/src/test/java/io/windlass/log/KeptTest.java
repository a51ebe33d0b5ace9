package io.windlass.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KeptTest {
    @Test
    void shouldKeepTheHeadWholeAndTheTailAsItMovesOn() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Kept.Bounds bounds = new Kept.Bounds(random.nextInt(500), 1 + random.nextInt(500));
            Kept kept = new Kept(bounds);
            TreeMap<Long, Integer> stored = new TreeMap<>();
            long length = 0;
            for (int i = 0; i < 60; i++) {
                Piece piece = piece(length, 1 + random.nextInt(100));
                length += piece.length();
                for (Piece shaped : kept.shaped(piece)) {
                    stored.put(shaped.from(), shaped.length());
                    kept.add(shaped).forEach(stored::remove);
                }
                if (random.nextInt(10) == 0) {
                    kept = again(bounds, stored);
                }
                assertBounds(bounds, kept, stored, length);
            }
        }
    }

    private static Kept again(Kept.Bounds bounds, TreeMap<Long, Integer> stored) {
        List<Kept.Stretch> stretches = new ArrayList<>();
        stored.forEach((from, n) -> stretches.add(new Kept.Stretch(from, n)));
        return new Kept(bounds).with(stretches);
    }

    private static void assertBounds(
            Kept.Bounds bounds, Kept kept, TreeMap<Long, Integer> stored, long length) {
        long headEnd = Math.min(bounds.head(), length);
        assertThat(kept.omittedFrom()).isEqualTo(headEnd);
        assertThat(kept.omittedTo()).isLessThanOrEqualTo(Math.max(headEnd, length - bounds.tail()));
        long at = 0;
        for (var piece : stored.entrySet()) {
            if (at == kept.omittedFrom()) {
                at = kept.omittedTo();
            }
            assertThat(piece.getKey()).isEqualTo(at);
            at += piece.getValue();
        }
        assertThat(at).isEqualTo(length);
        assertThat(stored.values().stream().mapToInt(n -> n).sum())
                .isLessThanOrEqualTo((int) (bounds.head() + bounds.tail() + 100));
    }

    private static Piece piece(long from, int length) {
        PieceBuilder builder = new PieceBuilder();
        builder.line(1);
        builder.bytes(new byte[length], 0, length);
        return builder.take(from);
    }
}
