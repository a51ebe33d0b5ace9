package io.windlass.gateway;

import io.windlass.log.Position;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/**
 * A node as it behaves on a bad day: what is followed breaks off anywhere, with an error or as if
 * it were at its end; files are rotated; the pod goes.
 */
final class ScriptedNode implements NodeLogs {
    private record Line(long nanos, String text) {}

    private final Random random;
    private final List<Line> lines = new ArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private int firstKept;
    private boolean ended;
    private boolean gone;
    private boolean hangs;
    private int opened;

    ScriptedNode(long seed) {
        random = new Random(seed);
    }

    synchronized String write(int count) {
        StringBuilder all = new StringBuilder();
        long nanos = lines.isEmpty() ? 1_790_000_000_000_000_000L : lines.getLast().nanos();
        for (int i = 0; i < count; i++) {
            nanos += random.nextInt(3) == 0 ? 0 : random.nextLong(500_000_000L);
            String text = "line " + lines.size() + " " + "x".repeat(random.nextInt(80)) + "\n";
            lines.add(new Line(nanos, text));
            all.append(text);
        }
        return all.toString();
    }

    /** Only so many lines are still there. */
    synchronized void rotate(int left) {
        firstKept = lines.size() - left;
    }

    synchronized void end() {
        ended = true;
    }

    synchronized void podGoes() {
        gone = true;
    }

    /** Whoever follows hears nothing any more, not even the end. */
    synchronized void hang() {
        hangs = true;
    }

    synchronized int opened() {
        return opened;
    }

    @Override
    public InputStream open(Source source, Part part) throws IOException {
        byte[] sent;
        boolean whole;
        boolean breaks;
        synchronized (this) {
            opened++;
            if (gone) {
                throw new GoneException("pods \"" + source.pod() + "\" not found");
            }
            sent =
                    switch (part) {
                        case Part.Following following -> since(following.after());
                        case Part.Present present -> since(present.after());
                        case Part.End end ->
                                sent(Math.max(firstKept, lines.size() - end.lines()), 0);
                    };
            whole = !(part instanceof Part.Following) || (ended && random.nextBoolean());
            breaks = random.nextBoolean();
            if (hangs && part instanceof Part.Following) {
                return new SequenceInputStream(new ByteArrayInputStream(sent), new Silent());
            }
        }
        if (whole) {
            return new ByteArrayInputStream(sent);
        }
        byte[] cut = Arrays.copyOf(sent, random.nextInt(sent.length + 1));
        return breaks
                ? new SequenceInputStream(new ByteArrayInputStream(cut), new Broken())
                : new ByteArrayInputStream(cut);
    }

    private byte[] since(Position after) {
        return sent(firstKept, after == null ? 0 : after.sinceSeconds() * 1_000_000_000L);
    }

    private byte[] sent(int from, long sinceNanos) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Line line : lines.subList(from, lines.size())) {
            if (line.nanos() >= sinceNanos) {
                Instant at =
                        Instant.ofEpochSecond(
                                line.nanos() / 1_000_000_000L, line.nanos() % 1_000_000_000L);
                out.writeBytes((at + " " + line.text()).getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }

    private static final class Broken extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("broken off");
        }
    }

    private final class Silent extends InputStream {
        @Override
        public int read() throws IOException {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return -1;
        }
    }
}
