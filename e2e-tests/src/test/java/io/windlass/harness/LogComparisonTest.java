package io.windlass.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A comparison that finds nothing wrong proves something only if it finds what is wrong. */
class LogComparisonTest {
    private static final WrittenLines LINES = new WrittenLines(1, "line ", " of some");
    private final LogComparison comparison = new LogComparison(LINES, "");

    private static byte[] lines(int from, int to) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int n = from; n <= to; n++) {
            out.writeBytes(LINES.line(n));
        }
        return out.toByteArray();
    }

    private void read(long from, byte[] bytes) {
        // by odd lengths, as they come
        for (int i = 0; i < bytes.length; i += 7) {
            byte[] some = Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + 7));
            comparison.bytes(from + i, some, some.length);
        }
    }

    private static byte[] together(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static Map<String, Object> receipt(long bytes, Object... lost) {
        Map<String, Object> receipt = new HashMap<>();
        receipt.put("bytes", bytes);
        receipt.put("omitted", null);
        receipt.put("lost", List.of(lost));
        return receipt;
    }

    private static Map<String, Object> omitting(long from, long to, long bytes, Object... lost) {
        Map<String, Object> receipt = receipt(bytes, lost);
        receipt.put("omitted", Map.of("from", from, "to", to));
        return receipt;
    }

    private static Map<String, Object> loss(long at, String why) {
        return Map.of("at", at, "why", why);
    }

    @Test
    void shouldKnowWhereEachLineWasWritten() {
        for (int n : List.of(1, 9, 10, 11, 99, 100, 101, 12_345)) {
            assertThat(LINES.position(n)).as("line %d", n).isEqualTo(lines(1, n - 1).length);
            assertThat(LINES.number(LINES.line(n), LINES.line(n).length)).isEqualTo(n);
        }
        assertThat(new WrittenLines(7, "", "").position(12))
                .isEqualTo("7\n8\n9\n10\n11\n".length());
    }

    @Test
    void shouldFindNothingWrongWithWhatWasWritten() {
        byte[] all = Arrays.copyOf(lines(1, 1_000), 12_345);
        read(0, all);
        assertThat(comparison.faults(receipt(all.length))).isEmpty();
        assertThat(comparison.written()).isEqualTo(all.length);
    }

    @Test
    void shouldFindAByteThatIsAnother() {
        byte[] all = lines(1, 1_000);
        all[5_000]++;
        read(0, all);
        assertThat(comparison.faults(receipt(all.length))).isNotEmpty();
    }

    @Test
    void shouldFindThatTheEndIsMissing() {
        byte[] all = lines(1, 1_000);
        read(0, Arrays.copyOf(all, all.length - 3));
        assertThat(comparison.faults(receipt(all.length))).isNotEmpty();
    }

    @Test
    void shouldTakeMissingLinesOnlyWhereTheReceiptSaysSo() {
        byte[] all = together(lines(1, 100), lines(200, 300));
        long at = lines(1, 100).length;
        read(0, all);
        assertThat(comparison.faults(receipt(all.length))).hasSize(1);
        assertThat(comparison.faults(receipt(all.length, loss(0, "LAGGED")))).hasSize(1);
        assertThat(comparison.faults(receipt(all.length, loss(at - 20, "ROTATED")))).hasSize(1);
        assertThat(comparison.faults(receipt(all.length, loss(at + 1, "LAGGED")))).hasSize(1);
        assertThat(comparison.faults(receipt(all.length, loss(at, "ROTATED")))).isEmpty();
        assertThat(comparison.faults(receipt(all.length, loss(at - 20, "LAGGED")))).isEmpty();
        assertThat(comparison.written()).isEqualTo(LINES.position(301));
    }

    @Test
    void shouldFindALineThatComesTwiceWhateverTheReceiptSays() {
        byte[] all = together(lines(1, 100), lines(100, 300));
        read(0, all);
        assertThat(comparison.faults(receipt(all.length, loss(lines(1, 100).length, "ROTATED"))))
                .isNotEmpty();
    }

    @Test
    void shouldGoOnAfterWhatIsLeftOut() {
        byte[] all = lines(1, 1_000);
        read(0, Arrays.copyOf(all, 4_000));
        read(9_005, Arrays.copyOfRange(all, 9_005, all.length));
        assertThat(comparison.faults(omitting(4_000, 9_005, all.length))).isEmpty();
        assertThat(comparison.faults(omitting(4_000, 9_004, all.length))).hasSize(1);
        assertThat(comparison.faults(receipt(all.length))).hasSize(1);
    }

    @Test
    void shouldFindWhatIsLostWithinWhatIsLeftOut() {
        byte[] all = lines(1, 1_000);
        byte[] tail = lines(900, 1_000);
        read(0, Arrays.copyOf(all, 4_000));
        read(9_000, tail);
        long bytes = 9_000 + tail.length;
        assertThat(comparison.faults(omitting(4_000, 9_000, bytes))).hasSize(1);
        assertThat(comparison.faults(omitting(4_000, 9_000, bytes, loss(6_000, "ROTATED"))))
                .isEmpty();
        assertThat(comparison.written()).isEqualTo(all.length);
    }

    @Test
    void shouldFindAWrongByteRightAfterWhatIsLeftOut() {
        byte[] all = lines(1, 1_000);
        byte[] tail = Arrays.copyOfRange(all, 9_005, all.length);
        tail[1]++;
        read(0, Arrays.copyOf(all, 4_000));
        read(9_005, tail);
        assertThat(comparison.faults(omitting(4_000, 9_005, all.length))).hasSize(1);
    }

    @Test
    void shouldTakeALastLineThatIsCutOffByTheEnding() {
        LogComparison ends = new LogComparison(LINES, "end\n");
        byte[] all = together(lines(1, 10), "line 1end\n".getBytes(StandardCharsets.US_ASCII));
        ends.bytes(0, all, all.length);
        assertThat(ends.faults(receipt(all.length))).isEmpty();
        LogComparison doesNot = new LogComparison(LINES, "end\n");
        doesNot.bytes(0, all, all.length - 4);
        assertThat(doesNot.faults(receipt(all.length - 4L))).isNotEmpty();
    }
}
