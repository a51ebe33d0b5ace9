package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What is read ahead, how far, and what is left of a body that breaks off. */
class NdjsonLinesTest {
    private static final int LONGEST = 256 * 1024;
    private static final int AHEAD = 500;

    @Test
    void shouldGiveTheLinesBeforeABreakAndThenTheBreak() throws Exception {
        InputStream body = new SequenceInputStream(text("{\"a\":1}\n{\"a\":2}\n{\"a\""), broken());
        try (NdjsonLines lines = new NdjsonLines(body, LONGEST, AHEAD)) {
            List<BatchCall.Line> all = new ArrayList<>(lines.next(AHEAD));
            while (all.size() < 2) {
                all.addAll(lines.next(AHEAD));
            }
            assertThat(all).extracting(BatchCall.Line::index).containsExactly(0, 1);
            assertThatThrownBy(() -> lines.next(AHEAD)).hasMessage("connection reset");
        }
    }

    @Test
    void shouldGiveNoMoreThanAPortion() throws Exception {
        try (NdjsonLines lines = new NdjsonLines(text("1\n".repeat(1_200)), LONGEST, AHEAD)) {
            int all = 0;
            List<BatchCall.Line> portion = lines.next(AHEAD);
            while (!portion.isEmpty()) {
                assertThat(portion).hasSizeLessThanOrEqualTo(AHEAD);
                all += portion.size();
                portion = lines.next(AHEAD);
            }
            assertThat(all).isEqualTo(1_200);
        }
    }

    @Test
    void shouldReadNoFurtherAheadThanAMebibyte() throws Exception {
        AtomicLong read = new AtomicLong();
        try (NdjsonLines lines = new NdjsonLines(endless(read), LONGEST, AHEAD)) {
            Awaitility.await().untilAsserted(() -> assertThat(read.get()).isGreaterThan(1L << 20));
            lines.next(1);
            assertThat(read.get()).isLessThan(3L << 20);
        }
    }

    /** Lines of 100 KiB. */
    private static InputStream endless(AtomicLong read) {
        return new InputStream() {
            @Override
            public int read() {
                return read.incrementAndGet() % (100 << 10) == 0 ? '\n' : '1';
            }

            @Override
            public int read(byte[] into, int from, int length) {
                for (int i = from; i < from + length; i++) {
                    into[i] = (byte) read();
                }
                return length;
            }
        };
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static InputStream broken() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        };
    }
}
