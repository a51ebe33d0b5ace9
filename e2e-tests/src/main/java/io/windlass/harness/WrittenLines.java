package io.windlass.harness;

import java.nio.charset.StandardCharsets;

/**
 * Numbered lines, one after the other, as a container wrote them: each is different, so each part
 * of them says where it was written.
 *
 * @param first its number
 * @param before each number
 * @param after each number
 */
public record WrittenLines(long first, String before, String after) {
    /** With its newline. */
    public byte[] line(long number) {
        return (before + number + after + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** How many bytes were written before this line. */
    public long position(long number) {
        long bytes = (number - first) * (before.length() + after.length() + 1);
        long from = first;
        while (from < number) {
            int digits = Long.toString(from).length();
            long next = Math.min(number, power(digits));
            bytes += (next - from) * digits;
            from = next;
        }
        return bytes;
    }

    private static long power(int digits) {
        long power = 1;
        for (int i = 0; i < digits; i++) {
            power *= 10;
        }
        return power;
    }

    /** The number of this line; -1 where it is none of these. */
    long number(byte[] line, int length) {
        int digits = length - before.length() - after.length() - 1;
        if (digits < 1 || digits > 18 || line[length - 1] != '\n') {
            return -1;
        }
        for (int i = 0; i < before.length(); i++) {
            if (line[i] != before.charAt(i)) {
                return -1;
            }
        }
        for (int i = 0; i < after.length(); i++) {
            if (line[before.length() + digits + i] != after.charAt(i)) {
                return -1;
            }
        }
        long number = 0;
        for (int i = 0; i < digits; i++) {
            int digit = line[before.length() + i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        boolean isPadded = digits > 1 && line[before.length()] == '0';
        return isPadded || number < first ? -1 : number;
    }
}
