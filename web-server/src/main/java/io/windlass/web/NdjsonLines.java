package io.windlass.web;

import io.windlass.json.JsonBounds;
import io.windlass.service.ByteBudget;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a body that may have no end, each bounded. A thread of their own reads ahead of the
 * commits, as far as a portion and some bytes: a fast client gets portions that are worth a commit,
 * a slow one an answer for each line. What lines and their trees take is counted as they come, and
 * given back with their portion.
 */
final class NdjsonLines implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;
    private static final int BYTES_AHEAD = 1 << 20;
    private static final int STEP = 4 * 1024;

    /** Of a short line, besides its text. */
    private static final int OF_A_LINE = 64;

    /** What the reader found next. */
    private sealed interface Next {
        final class Text implements Next {
            private final byte[] line;

            private Text(byte[] line) {
                this.line = line;
            }
        }

        record Refused(ProblemException why) implements Next {}

        record End(@Nullable IOException broken, @Nullable ProblemException late) implements Next {}
    }

    private final InputStream in;
    private final int longest;
    private final BlockingQueue<Next> ahead;
    private final Semaphore bytes = new Semaphore(BYTES_AHEAD);
    private final ByteBudget.Share share;
    private final LineDeadline deadline;
    private final Thread reader;
    private int index;
    private long portion;
    private Next.@Nullable End end;

    NdjsonLines(InputStream body, int longest, int linesAhead, Arrivals arrivals) {
        this.in = new BufferedInputStream(body, BUFFER);
        this.longest = longest;
        this.ahead = new ArrayBlockingQueue<>(linesAhead);
        this.share = arrivals.open();
        this.deadline = arrivals.ofEachLine();
        this.reader = Thread.ofVirtual().name("windlass-lines").start(this::readAll);
    }

    private void readAll() {
        try {
            ahead.put(readToEnd());
        } catch (InterruptedException e) {
            // closed: nobody takes lines any more
            Thread.currentThread().interrupt();
        }
    }

    private Next.End readToEnd() throws InterruptedException {
        try (deadline) {
            while (readLine()) {
                // until the end
            }
            return new Next.End(null, deadline.passed() ? deadline.problem() : null);
        } catch (IOException e) {
            deadline.end();
            return deadline.passed()
                    ? new Next.End(null, deadline.problem())
                    : new Next.End(e, null);
        }
    }

    /** False at the end. */
    private boolean readLine() throws IOException, InterruptedException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ProblemException refused = null;
        int held = 0;
        int next = in.read();
        boolean any = next >= 0;
        deadline.begin();
        while (next >= 0 && next != '\n') {
            if (refused == null) {
                line.write(next);
                if (line.size() > longest) {
                    refused = BatchCall.tooLarge(longest);
                } else if (line.size() == held + STEP) {
                    refused = taken(STEP) ? null : Problems.busy();
                    held += refused == null ? STEP : 0;
                }
            }
            next = in.read();
        }
        deadline.end();
        if (any && !deadline.passed()) {
            put(line, refused, held);
        }
        return next >= 0;
    }

    private void put(ByteArrayOutputStream line, @Nullable ProblemException refused, int held)
            throws InterruptedException {
        ProblemException why = refused;
        if (why == null && !taken(line.size() + OF_A_LINE - held)) {
            why = Problems.busy();
        }
        if (why == null) {
            bytes.acquire(cost(line.size()));
            ahead.put(new Next.Text(line.toByteArray()));
        } else {
            share.giveBack(held);
            ahead.put(new Next.Refused(why));
        }
    }

    private boolean taken(long count) {
        try {
            share.take(count);
            return true;
        } catch (ByteBudget.SpentException e) {
            return false;
        }
    }

    /** Waits for one line, and takes what is there besides. None at the end. */
    List<BatchCall.Line> next(int most) throws IOException, InterruptedException {
        List<BatchCall.Line> lines = new ArrayList<>();
        boolean more = true;
        while (more && end == null && lines.size() < most && portion < Weights.MOST_PORTION) {
            Next next = lines.isEmpty() ? ahead.take() : ahead.poll();
            more = next != null;
            if (next != null) {
                take(next, lines);
            }
        }
        if (lines.isEmpty() && end != null && end.broken() != null) {
            throw end.broken();
        }
        return lines;
    }

    /** What was taken last is stored and answered. */
    void done() {
        share.giveBack(portion);
        portion = 0;
    }

    /** Blank lines have an index, which is the number of a line, and weigh nothing in a portion. */
    private void take(Next next, List<BatchCall.Line> into) {
        switch (next) {
            case Next.End last -> {
                end = last;
                if (last.late() != null) {
                    into.add(new BatchCall.Line(index++, null, last.late()));
                }
            }
            case Next.Refused(ProblemException why) ->
                    into.add(new BatchCall.Line(index++, null, why));
            case Next.Text text -> {
                byte[] line = text.line;
                bytes.release(cost(line.length));
                int weight = line.length + OF_A_LINE;
                if (new String(line, StandardCharsets.UTF_8).isBlank()) {
                    share.giveBack(weight);
                } else {
                    portion += weight;
                    into.add(parsed(line));
                }
                index++;
            }
        }
    }

    private static int cost(int length) {
        return Math.min(length, BYTES_AHEAD);
    }

    private BatchCall.Line parsed(byte[] line) {
        long weight = Weights.ofTree(line, JsonBounds.ofBytes(longest).nodes());
        if (!taken(weight)) {
            return new BatchCall.Line(index, null, Problems.busy());
        }
        portion += weight;
        try {
            return new BatchCall.Line(index, Bodies.parse(line, longest), null);
        } catch (ProblemException e) {
            return new BatchCall.Line(index, null, e);
        }
    }

    @Override
    public void close() throws IOException {
        reader.interrupt();
        share.close();
        deadline.close();
        in.close();
    }
}
