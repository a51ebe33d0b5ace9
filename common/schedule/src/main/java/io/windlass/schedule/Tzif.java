package io.windlass.schedule;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules of a zone out of a file of the time zone database as systems have it (RFC 9636), for
 * zone data newer than the JDK's.
 */
public final class Tzif {
    private static final int MAGIC = 0x545a6966;
    private static final int HEADER = 44;

    /** The footer says how it goes on for ever; so far ahead nobody plans. */
    private static final int LAST_YEAR = 2200;

    /** Before all clocks; the files begin with the big bang. */
    private static final long FIRST = Instant.parse("1800-01-01T00:00:00Z").getEpochSecond();

    private final List<ZoneOffsetTransition> transitions = new ArrayList<>();
    private ZoneOffset offset;
    private long last = Long.MIN_VALUE;

    private Tzif(ZoneOffset offset) {
        this.offset = offset;
    }

    /** An illegal argument where the bytes are none of such a file. */
    public static ZoneRules rules(byte[] bytes) {
        try {
            return read(ByteBuffer.wrap(bytes));
        } catch (BufferUnderflowException | IndexOutOfBoundsException | DateTimeException e) {
            throw new IllegalArgumentException("is broken off or no file of a time zone", e);
        }
    }

    /** How many of what follow a header. */
    private record Counts(int ut, int standard, int leaps, int times, int types, int chars) {
        static Counts at(ByteBuffer in) {
            int start = in.position();
            if (in.getInt() != MAGIC) {
                throw new IllegalArgumentException("is no file of a time zone");
            }
            if (in.get() < '2') {
                throw new IllegalArgumentException("is of the first version, which ends in 2037");
            }
            in.position(start + 20);
            return new Counts(
                    in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getInt());
        }

        int bytes(int ofTime) {
            return times * (ofTime + 1) + types * 6 + chars + leaps * (ofTime + 4) + standard + ut;
        }
    }

    private static ZoneRules read(ByteBuffer in) {
        in.position(HEADER + Counts.at(in).bytes(4));
        Counts counts = Counts.at(in);
        int end = in.position() + counts.bytes(8);
        long[] times = new long[counts.times()];
        for (int i = 0; i < times.length; i++) {
            times[i] = in.getLong();
        }
        byte[] types = new byte[counts.times()];
        in.get(types);
        List<ZoneOffset> offsets = new ArrayList<>();
        for (int i = 0; i < counts.types(); i++) {
            offsets.add(ZoneOffset.ofTotalSeconds(in.getInt()));
            in.getShort();
        }
        ZoneOffset first = offsets.getFirst();
        Tzif zone = new Tzif(first);
        for (int i = 0; i < times.length; i++) {
            zone.change(times[i], offsets.get(Byte.toUnsignedInt(types[i])));
        }
        in.position(end);
        zone.goOn(footer(in));
        return ZoneRules.of(first, first, List.of(), zone.transitions, List.of());
    }

    private static String footer(ByteBuffer in) {
        byte[] rest = new byte[in.remaining()];
        in.get(rest);
        return new String(rest, StandardCharsets.US_ASCII).strip();
    }

    private void change(long at, ZoneOffset after) {
        if (at >= FIRST && !after.equals(offset)) {
            transitions.add(
                    ZoneOffsetTransition.of(
                            LocalDateTime.ofEpochSecond(at, 0, offset), offset, after));
        }
        offset = after;
        last = at;
    }

    private void goOn(String footer) {
        if (footer.isEmpty()) {
            return;
        }
        PosixZone rule = PosixZone.read(footer);
        int year =
                last < FIRST
                        ? 1970
                        : Year.from(Instant.ofEpochSecond(last).atOffset(ZoneOffset.UTC))
                                .getValue();
        for (int y = year; y <= LAST_YEAR; y++) {
            for (PosixZone.Change change : rule.changes(y)) {
                if (change.at() > last) {
                    change(change.at(), change.after());
                }
            }
        }
    }
}
