package io.windlass.log;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A stretch of a log: its bytes from an offset on, and when each line began that begins in it. */
public final class Piece {
    private static final int HEADER = 3 * Integer.BYTES + Long.BYTES;
    private static final int LARGEST = 64 << 20;

    private final long from;
    private final byte[] content;
    private final int[] starts;
    private final long[] times;

    Piece(long from, byte[] content, int[] starts, long[] times) {
        this.from = from;
        this.content = content;
        this.starts = starts;
        this.times = times;
    }

    public long from() {
        return from;
    }

    /** Past its last byte. */
    public long to() {
        return from + content.length;
    }

    public int length() {
        return content.length;
    }

    public int lines() {
        return starts.length;
    }

    /** Where in it the nth line begins that begins in it, from 0. */
    public int start(int line) {
        return starts[line];
    }

    /** When that line began, in nanoseconds since 1970. */
    public long time(int line) {
        return times[line];
    }

    public void write(int start, int end, ByteArrayOutputStream into) {
        into.write(content, start, end - start);
    }

    public byte[] content() {
        return content.clone();
    }

    public byte[] content(int start, int end) {
        return Arrays.copyOfRange(content, start, end);
    }

    byte at(int index) {
        return content[index];
    }

    /** The rest of it from an offset in the log on. */
    public Piece after(long offset) {
        if (offset <= from) {
            return this;
        }
        int cut = (int) Math.min(content.length, offset - from);
        int first = 0;
        while (first < starts.length && starts[first] < cut) {
            first++;
        }
        int[] rest = Arrays.copyOfRange(starts, first, starts.length);
        for (int i = 0; i < rest.length; i++) {
            rest[i] -= cut;
        }
        return new Piece(
                from + cut,
                Arrays.copyOfRange(content, cut, content.length),
                rest,
                Arrays.copyOfRange(times, first, times.length));
    }

    /** As it is stored and sent: small, and whole in itself. */
    public byte[] encoded() {
        try {
            ByteArrayOutputStream plain =
                    new ByteArrayOutputStream(content.length + 8 * starts.length);
            DataOutputStream out = new DataOutputStream(plain);
            int start = 0;
            long time = 0;
            for (int i = 0; i < starts.length; i++) {
                number(out, starts[i] - start);
                number(out, zigzag(times[i] - time));
                start = starts[i];
                time = times[i];
            }
            out.write(content);
            byte[] body = deflated(plain.toByteArray());
            ByteArrayOutputStream whole = new ByteArrayOutputStream(HEADER + body.length);
            DataOutputStream head = new DataOutputStream(whole);
            head.writeLong(from);
            head.writeInt(starts.length);
            head.writeInt(content.length);
            head.writeInt(plain.size());
            head.write(body);
            return whole.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Piece decoded(byte[] encoded) {
        try (DataInputStream in = new DataInputStream(new ByteSource(encoded, 0, encoded.length))) {
            long from = in.readLong();
            int lines = in.readInt();
            int length = in.readInt();
            int whole = in.readInt();
            if (lines < 0 || length < 0 || whole < length || whole > LARGEST || lines > whole) {
                throw new IllegalArgumentException("this is no piece of a log");
            }
            byte[] plain = inflated(encoded, HEADER, whole);
            DataInputStream body = new DataInputStream(new ByteSource(plain, 0, plain.length));
            int[] starts = new int[lines];
            long[] times = new long[lines];
            int start = 0;
            long time = 0;
            for (int i = 0; i < lines; i++) {
                start += (int) number(body);
                time += unzigzag(number(body));
                starts[i] = start;
                times[i] = time;
            }
            return new Piece(from, Arrays.copyOfRange(plain, whole - length, whole), starts, times);
        } catch (IOException | DataFormatException e) {
            throw new IllegalArgumentException("this is no piece of a log", e);
        }
    }

    private static byte[] deflated(byte[] plain) {
        try (Deflater deflater = new Deflater(Deflater.BEST_SPEED)) {
            deflater.setInput(plain);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 2 + 64);
            byte[] buffer = new byte[16_384];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        }
    }

    private static byte[] inflated(byte[] encoded, int from, int length)
            throws DataFormatException {
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(encoded, from, encoded.length - from);
            byte[] plain = new byte[length];
            int n = 0;
            while (n < length) {
                int more = inflater.inflate(plain, n, length - n);
                if (more == 0) {
                    throw new DataFormatException("it ends too early");
                }
                n += more;
            }
            return plain;
        }
    }

    private static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    private static long unzigzag(long value) {
        return (value >>> 1) ^ -(value & 1);
    }

    private static void number(DataOutputStream out, long value) throws IOException {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.writeByte((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    private static long number(DataInputStream in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int digit = in.readUnsignedByte();
            value |= (long) (digit & 0x7f) << shift;
            if (digit < 0x80) {
                return value;
            }
        }
        throw new IOException("this is no number");
    }

    /** An unsynchronised view of an array. */
    private static final class ByteSource extends InputStream {
        private final byte[] bytes;
        private final int end;
        private int at;

        ByteSource(byte[] bytes, int from, int end) {
            this.bytes = bytes;
            this.at = from;
            this.end = end;
        }

        @Override
        public int read() {
            return at < end ? bytes[at++] & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (at >= end) {
                return -1;
            }
            int n = Math.min(length, end - at);
            System.arraycopy(bytes, at, into, offset, n);
            at += n;
            return n;
        }
    }
}
