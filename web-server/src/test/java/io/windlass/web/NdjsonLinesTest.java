package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.service.ByteBudget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What is read ahead, how far, and what is left of a body that breaks off. */
class NdjsonLinesTest {
    private static final int LONGEST = 256 * 1024;
    private static final int AHEAD = 500;
    private static final long MIB = 1 << 20;

    private final ByteBudget budget = new ByteBudget(16 * MIB, Duration.ofMillis(20));
    private final Arrivals arrivals = new Arrivals(budget, Duration.ofMinutes(1));
    private final Arrivals hasty = new Arrivals(budget, Duration.ofMillis(500));

    @Test
    void shouldGiveTheLinesBeforeABreakAndThenTheBreak() throws Exception {
        InputStream body = new SequenceInputStream(text("{\"a\":1}\n{\"a\":2}\n{\"a\""), broken());
        try (NdjsonLines lines = new NdjsonLines(body, LONGEST, AHEAD, arrivals)) {
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
        try (NdjsonLines lines =
                new NdjsonLines(text("1\n".repeat(1_200)), LONGEST, AHEAD, arrivals)) {
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

    /** As many as a portion could weigh, were each of them counted. */
    @Test
    void shouldCountNoBlankLine() throws Exception {
        int blank = 140_000;
        String body = "\n".repeat(blank) + "{\"a\":1}\n";
        try (NdjsonLines lines = new NdjsonLines(text(body), LONGEST, AHEAD, arrivals)) {
            assertThat(lines.next(AHEAD)).extracting(BatchCall.Line::index).containsExactly(blank);
            assertThat(budget.used()).isLessThan(MIB);
            lines.done();
            assertThat(lines.next(AHEAD)).isEmpty();
            assertThat(budget.used()).isZero();
        }
    }

    @Test
    void shouldReadNoFurtherAheadThanAMebibyte() throws Exception {
        AtomicLong read = new AtomicLong();
        try (NdjsonLines lines = new NdjsonLines(endless(read), LONGEST, AHEAD, arrivals)) {
            Awaitility.await().untilAsserted(() -> assertThat(read.get()).isGreaterThan(1L << 20));
            lines.next(1);
            assertThat(read.get()).isLessThan(3L << 20);
        }
    }

    @Test
    void shouldGiveBackWhatAPortionTookOnceItIsDone() throws Exception {
        String line = "{\"a\":\"" + "x".repeat(200_000) + "\"}\n";
        try (NdjsonLines lines = new NdjsonLines(text(line.repeat(40)), LONGEST, AHEAD, arrivals)) {
            int all = 0;
            List<BatchCall.Line> portion = lines.next(AHEAD);
            while (!portion.isEmpty()) {
                assertThat(portion).extracting(BatchCall.Line::problem).containsOnlyNulls();
                assertThat(portion.size() * 200_000L).isLessThan(4 * MIB);
                assertThat(budget.used()).isGreaterThan(portion.size() * 1_000_000L);
                all += portion.size();
                lines.done();
                portion = lines.next(AHEAD);
            }
            assertThat(all).isEqualTo(40);
            assertThat(budget.used()).isZero();
        }
    }

    @Test
    void shouldRefuseLinesForWhichThereIsNoMemoryAndTakeTheOthersLater() throws Exception {
        String line = "{\"a\":\"" + "x".repeat(200_000) + "\"}\n";
        ByteBudget.Share others = budget.await(16 * MIB - 100_000);
        try (NdjsonLines lines = new NdjsonLines(text(line.repeat(2)), LONGEST, AHEAD, arrivals)) {
            assertThat(lines.next(1).getFirst().problem())
                    .extracting(ProblemException::problem)
                    .isEqualTo(Problem.BUSY);
        }
        assertThat(budget.used()).isEqualTo(16 * MIB - 100_000);
        others.close();
        try (NdjsonLines lines = new NdjsonLines(text(line), LONGEST, AHEAD, arrivals)) {
            assertThat(lines.next(1).getFirst().problem()).isNull();
        }
        assertThat(budget.used()).isZero();
    }

    @Test
    void shouldEndWhereALineThatHasBegunDoesNotCome() throws Exception {
        try (NdjsonLines lines =
                new NdjsonLines(resting("{\"a\":1}\n{\"b\""), LONGEST, AHEAD, hasty)) {
            assertThat(lines.next(1).getFirst().problem()).isNull();
            assertThat(lines.next(1).getFirst().problem())
                    .extracting(ProblemException::problem)
                    .isEqualTo(Problem.TOO_SLOW);
            assertThat(lines.next(1)).isEmpty();
        }
        assertThat(budget.used()).isZero();
    }

    /** After its text nothing comes until it is closed. */
    private static InputStream resting(String text) {
        CountDownLatch closed = new CountDownLatch(1);
        return new InputStream() {
            private final InputStream begun = text(text);

            @Override
            public int read() throws IOException {
                int next = begun.read();
                if (next < 0) {
                    awaitClosed();
                }
                return next;
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                int count = begun.read(into, from, length);
                if (count < 0) {
                    awaitClosed();
                }
                return count;
            }

            private void awaitClosed() throws IOException {
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new IOException("closed");
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
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
