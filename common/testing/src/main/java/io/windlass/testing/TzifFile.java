package io.windlass.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;

/** Writes rules as a file of the time zone database; the block of the first version is empty. */
public final class TzifFile {
    private TzifFile() {}

    public static byte[] of(ZoneRules rules, Instant from, Instant to, String footer) {
        List<ZoneOffset> types = new ArrayList<>(List.of(rules.getOffset(from)));
        List<ZoneOffsetTransition> transitions = new ArrayList<>();
        ZoneOffsetTransition next = rules.nextTransition(from);
        while (next != null && next.getInstant().isBefore(to)) {
            transitions.add(next);
            types.add(next.getOffsetAfter());
            next = rules.nextTransition(next.getInstant());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            header(out, 0, 1, 1);
            out.write(new byte[6 + 1]);
            header(out, transitions.size(), types.size(), 4);
            for (ZoneOffsetTransition transition : transitions) {
                out.writeLong(transition.toEpochSecond());
            }
            for (int i = 0; i < transitions.size(); i++) {
                out.writeByte(i + 1);
            }
            for (ZoneOffset type : types) {
                out.writeInt(type.getTotalSeconds());
                out.writeShort(0);
            }
            out.write("ABC\0".getBytes(StandardCharsets.US_ASCII));
            out.write(("\n" + footer + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void header(DataOutputStream out, int times, int types, int chars)
            throws IOException {
        out.write("TZif2".getBytes(StandardCharsets.US_ASCII));
        out.write(new byte[15 + 3 * 4]);
        out.writeInt(times);
        out.writeInt(types);
        out.writeInt(chars);
    }
}
