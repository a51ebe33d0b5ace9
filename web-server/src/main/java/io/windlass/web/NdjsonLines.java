package io.windlass.web;

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
 * a slow one an answer for each line.
 */
final class NdjsonLines implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;
    private static final int BYTES_AHEAD = 1 << 20;

    /** What the reader found next. */
    private sealed interface Next {
        record Text(ByteArrayOutputStream line) implements Next {}

        record TooLong() implements Next {}

        record End(@Nullable IOException broken) implements Next {}
    }

    private final InputStream in;
    private final int longest;
    private final BlockingQueue<Next> ahead;
    private final Semaphore bytes = new Semaphore(BYTES_AHEAD);
    private final Thread reader;
    private int index;
    private Next.@Nullable End end;

    NdjsonLines(InputStream body, int longest, int linesAhead) {
        this.in = new BufferedInputStream(body, BUFFER);
        this.longest = longest;
        this.ahead = new ArrayBlockingQueue<>(linesAhead);
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
        try {
            while (readLine()) {
                // until the end
            }
            return new Next.End(null);
        } catch (IOException e) {
            return new Next.End(e);
        }
    }

    /** False at the end. */
    private boolean readLine() throws IOException, InterruptedException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean tooLong = false;
        int next = in.read();
        boolean any = next >= 0;
        while (next >= 0 && next != '\n') {
            if (line.size() <= longest) {
                line.write(next);
            } else {
                tooLong = true;
            }
            next = in.read();
        }
        if (any) {
            bytes.acquire(cost(line.size()));
            ahead.put(tooLong ? new Next.TooLong() : new Next.Text(line));
        }
        return next >= 0;
    }

    /** Waits for one line, and takes what is there besides. None at the end. */
    List<BatchCall.Line> next(int most) throws IOException, InterruptedException {
        List<BatchCall.Line> lines = new ArrayList<>();
        boolean more = true;
        while (more && end == null && lines.size() < most) {
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

    /** Empty lines count, so that an index is the number of a line. */
    private void take(Next next, List<BatchCall.Line> into) {
        switch (next) {
            case Next.End last -> end = last;
            case Next.TooLong() -> {
                bytes.release(cost(longest + 1));
                into.add(new BatchCall.Line(index++, null, BatchCall.tooLarge(longest)));
            }
            case Next.Text(ByteArrayOutputStream line) -> {
                bytes.release(cost(line.size()));
                if (!line.toString(StandardCharsets.UTF_8).isBlank()) {
                    into.add(parsed(line.toByteArray()));
                }
                index++;
            }
        }
    }

    private static int cost(int length) {
        return Math.min(length, BYTES_AHEAD);
    }

    private BatchCall.Line parsed(byte[] line) {
        try {
            return new BatchCall.Line(index, Bodies.parse(line, longest), null);
        } catch (ProblemException e) {
            return new BatchCall.Line(index, null, e);
        }
    }

    @Override
    public void close() throws IOException {
        reader.interrupt();
        in.close();
    }
}
