package io.windlass.e2e;

import java.math.BigInteger;
import java.util.UUID;

/** Written anew and not shared: what the names in a cluster must be is part of what is tested. */
final class Base32 {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

    private Base32() {}

    static String of(UUID id) {
        BigInteger number = new BigInteger(id.toString().replace("-", ""), 16);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 26; i++) {
            out.append(ALPHABET.charAt(number.and(BigInteger.valueOf(31)).intValue()));
            number = number.shiftRight(5);
        }
        return out.reverse().toString();
    }
}
