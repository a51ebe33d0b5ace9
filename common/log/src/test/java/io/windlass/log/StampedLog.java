package io.windlass.log;

import io.windlass.testing.KubeletFile;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A log of random bytes in random lines, and how a node sends it: by segments, not by lines. */
final class StampedLog {
    static final long START = 1_790_000_000L * 1_000_000_000L;

    /**
     * @param end what comes later of a line that is long; mostly nothing
     */
    private record Line(long nanos, byte[] bytes, byte[] end) {}

    private final List<Line> lines = new ArrayList<>();

    static StampedLog random(Random random, int lines) {
        return random(random, lines, 0);
    }

    /** One line of so many is longer than a segment, and ends later than it begins. */
    static StampedLog random(Random random, int lines, int longOneOf) {
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
            boolean isLong = longOneOf > 0 && random.nextInt(longOneOf) == 0;
            byte[] begin = new byte[isLong ? KubeletFile.READ_AT_ONCE : 0];
            Arrays.fill(begin, (byte) 'y');
            log.lines.add(isLong ? new Line(nanos, begin, bytes) : new Line(nanos, bytes, begin));
        }
        return log;
    }

    byte[] content() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Line line : lines) {
            out.writeBytes(line.bytes());
            out.writeBytes(line.end());
        }
        return out.toByteArray();
    }

    /** What a node sends of it: no segment of before the second that is asked for. */
    byte[] sent(long sinceSeconds) {
        KubeletFile file = new KubeletFile();
        for (Line line : lines) {
            file.write(line.nanos(), KubeletFile.Stream.OUT, line.bytes());
            if (line.end().length > 0) {
                file.write(line.nanos() + 300_000_000, KubeletFile.Stream.OUT, line.end());
            }
        }
        file.end(lines.getLast().nanos());
        return file.since(sinceSeconds);
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
