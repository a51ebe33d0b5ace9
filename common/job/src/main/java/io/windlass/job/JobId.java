package io.windlass.job;

import java.math.BigInteger;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** A UUIDv7: its order is the order of submission, near enough to partition by. */
public record JobId(UUID value) implements Comparable<JobId> {
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

    public static JobId at(long epochMillis, RandomGenerator random) {
        long high = (epochMillis << 16) | 0x7000L | (random.nextLong() & 0x0fffL);
        long low = 0x8000_0000_0000_0000L | (random.nextLong() & 0x3fff_ffff_ffff_ffffL);
        return new JobId(new UUID(high, low));
    }

    public static Optional<JobId> parse(String text) {
        try {
            UUID uuid = UUID.fromString(text);
            // fromString takes shortened groups; an id has one spelling only
            return uuid.toString().equalsIgnoreCase(text)
                    ? Optional.of(new JobId(uuid))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The 128 bits as 26 characters that a Kubernetes name may hold. */
    public String base32() {
        StringBuilder out = new StringBuilder(26);
        for (int digit = 0; digit < 26; digit++) {
            int shift = 125 - digit * 5;
            out.append(BASE32.charAt((int) bits(shift)));
        }
        return out.toString();
    }

    /** The inverse of {@link #base32}; empty where the text is none. */
    static Optional<JobId> parseBase32(String text) {
        BigInteger bits = BigInteger.ZERO;
        for (int i = 0; i < text.length(); i++) {
            int digit = BASE32.indexOf(text.charAt(i));
            if (digit < 0) {
                return Optional.empty();
            }
            bits = bits.shiftLeft(5).or(BigInteger.valueOf(digit));
        }
        JobId id = new JobId(new UUID(bits.shiftRight(64).longValue(), bits.longValue()));
        return id.base32().equals(text) ? Optional.of(id) : Optional.empty();
    }

    private long bits(int shift) {
        long high = value.getMostSignificantBits();
        long low = value.getLeastSignificantBits();
        long window;
        if (shift >= 64) {
            window = high >>> (shift - 64);
        } else if (shift == 0) {
            window = low;
        } else {
            window = (low >>> shift) | (high << (64 - shift));
        }
        return window & 31;
    }

    @Override
    public int compareTo(JobId other) {
        int high =
                Long.compareUnsigned(
                        value.getMostSignificantBits(), other.value.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(
                        value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
