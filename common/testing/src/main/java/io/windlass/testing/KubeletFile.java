package io.windlass.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The log of one run of a container as its node keeps it, and what the node sends of it. Nodes keep
 * and send segments, not lines: a line is cut after every 16 KiB, and each part has a time of its
 * own. What has no end of line yet is stored once it is 32 KiB (containerd 1.6 reads so much at
 * once). {@code KubeletLogConformance} holds it to what a real kubelet does.
 */
public final class KubeletFile {
    /** After so many bytes a line goes on in another segment. */
    public static final int LONGEST_SEGMENT = 16 << 10;

    /** So much of a line is stored before its end has come. */
    public static final int READ_AT_ONCE = 32 << 10;

    /** Nanoseconds between two segments of one line that came at once. */
    private static final long BETWEEN_SEGMENTS = 50_000;

    /** What a container writes to. */
    public enum Stream {
        OUT,
        ERR
    }

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSSX")
                    .withZone(ZoneOffset.UTC);

    private static final class Segment {
        private final long nanos;
        private final byte[] bytes;

        Segment(long nanos, byte[] bytes) {
            this.nanos = nanos;
            this.bytes = bytes;
        }

        boolean endsALine() {
            return bytes[bytes.length - 1] == '\n';
        }
    }

    private final List<Segment> segments = new ArrayList<>();
    private final Map<Stream, ByteArrayOutputStream> unfinished = new EnumMap<>(Stream.class);

    /** What is stored now has this time. */
    public void write(long nanos, Stream stream, byte[] bytes) {
        ByteArrayOutputStream part =
                unfinished.computeIfAbsent(stream, s -> new ByteArrayOutputStream());
        for (byte one : bytes) {
            part.write(one);
            if (one == '\n' || part.size() == READ_AT_ONCE) {
                store(nanos, part);
            }
        }
    }

    public void write(long nanos, String text) {
        write(nanos, Stream.OUT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Nothing more is written: what has no end of line is stored without. */
    public void end(long nanos) {
        unfinished.values().stream().filter(part -> part.size() > 0).forEach(p -> store(nanos, p));
    }

    private void store(long nanos, ByteArrayOutputStream part) {
        byte[] bytes = part.toByteArray();
        int end = bytes[bytes.length - 1] == '\n' ? bytes.length - 1 : bytes.length;
        int from = 0;
        long at = nanos;
        while (end - from > LONGEST_SEGMENT) {
            segments.add(new Segment(at, Arrays.copyOfRange(bytes, from, from + LONGEST_SEGMENT)));
            from += LONGEST_SEGMENT;
            at += BETWEEN_SEGMENTS;
        }
        segments.add(new Segment(at, Arrays.copyOfRange(bytes, from, bytes.length)));
        part.reset();
    }

    /** How many segments are stored. */
    public int size() {
        return segments.size();
    }

    /** Only the last so many are still there. */
    public void rotate(int left) {
        segments.subList(0, segments.size() - left).clear();
    }

    /** All of it. */
    public byte[] sent() {
        return sent(0, Long.MIN_VALUE);
    }

    /** Segments of that second and later; whole seconds is all that can be asked for. */
    public byte[] since(long seconds) {
        return sent(0, seconds * 1_000_000_000L);
    }

    /** The last so many segments. */
    public byte[] tail(int count) {
        return sent(Math.max(0, segments.size() - count), Long.MIN_VALUE);
    }

    /** What follows a part of a line has no time, also where that part is left out. */
    private byte[] sent(int from, long sinceNanos) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean begins = true;
        for (Segment segment : segments.subList(from, segments.size())) {
            if (segment.nanos >= sinceNanos) {
                if (begins) {
                    out.writeBytes(stamp(segment.nanos).getBytes(StandardCharsets.US_ASCII));
                }
                out.writeBytes(segment.bytes);
            }
            begins = segment.endsALine();
        }
        return out.toByteArray();
    }

    private static String stamp(long nanos) {
        Instant at =
                Instant.ofEpochSecond(
                        Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
        return STAMP.format(at) + " ";
    }
}
