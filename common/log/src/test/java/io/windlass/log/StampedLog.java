package io.windlass.log;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A log of random bytes in random lines, and how a node sends it. */
final class StampedLog {
    static final long START = 1_790_000_000L * 1_000_000_000L;

    private record Line(long nanos, byte[] bytes) {}

    private final List<Line> lines = new ArrayList<>();

    static StampedLog random(Random random, int lines) {
        StampedLog log = new StampedLog();
        long nanos = START;
        Set<Long> used = new HashSet<>();
        for (int i = 0; i < lines; i++) {
            // neighbours may share a nanosecond; some come a little out of order, as those of two
            // streams do
            if (i == 0 || random.nextInt(3) > 0) {
                nanos = Math.max(START, nanos + random.nextInt(400_000_000) - 20_000_000);
                while (!used.add(nanos)) {
                    nanos++;
                }
            }
            byte[] bytes = new byte[1 + random.nextInt(60)];
            random.nextBytes(bytes);
            for (int b = 0; b < bytes.length; b++) {
                bytes[b] = bytes[b] == '\n' ? 0 : bytes[b];
            }
            if (i < lines - 1 || random.nextBoolean()) {
                bytes[bytes.length - 1] = '\n';
            }
            log.lines.add(new Line(nanos, bytes));
        }
        return log;
    }

    byte[] content() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        lines.forEach(line -> out.writeBytes(line.bytes()));
        return out.toByteArray();
    }

    /** What a node sends of it: nothing of before the second that is asked for. */
    byte[] sent(long sinceSeconds) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Line line : lines) {
            if (line.nanos() >= sinceSeconds * 1_000_000_000L) {
                out.writeBytes(
                        (StampedLines.instant(line.nanos()) + " ")
                                .getBytes(StandardCharsets.UTF_8));
                out.writeBytes(line.bytes());
            }
        }
        return out.toByteArray();
    }

    /** After a rotation: only what was written last. */
    StampedLog rotated(int linesLeft) {
        StampedLog log = new StampedLog();
        log.lines.addAll(lines.subList(lines.size() - linesLeft, lines.size()));
        return log;
    }

    int lines() {
        return lines.size();
    }

    /** Feeds it in portions of random size, at most so many bytes. */
    static int feed(StampedLines into, byte[] sent, int most, Random random)
            throws StampedLines.NotALogException {
        int at = 0;
        while (at < Math.min(most, sent.length)) {
            int n = Math.min(1 + random.nextInt(50), Math.min(most, sent.length) - at);
            into.feed(Arrays.copyOfRange(sent, at, at + n), n);
            at += n;
        }
        return at;
    }
}
