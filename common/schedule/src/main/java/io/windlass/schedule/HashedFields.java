package io.windlass.schedule;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code H}, {@code H(0-29)}, {@code H/15}, {@code H(9-17)/2}: a number that is always the same for
 * the same schedule and spreads many schedules over the time.
 */
final class HashedFields {
    private record Range(int from, int to) {}

    // seconds, minutes, hours, days that every month has, months, days of the week
    private static final List<Range> WHOLE =
            List.of(
                    new Range(0, 59),
                    new Range(0, 59),
                    new Range(0, 23),
                    new Range(1, 28),
                    new Range(1, 12),
                    new Range(0, 6));

    private static final Pattern HASHED =
            Pattern.compile("H(?:\\((\\d{1,2})-(\\d{1,2})\\))?(?:/(\\d{1,2}))?");

    private HashedFields() {}

    static List<String> resolve(List<String> fields, String identity) {
        List<String> out = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            int position = i;
            out.add(
                    Arrays.stream(fields.get(i).split(",", -1))
                            .map(item -> item(item, position, identity))
                            .collect(Collectors.joining(",")));
        }
        return out;
    }

    private static String item(String item, int position, String identity) {
        Matcher hashed = HASHED.matcher(item);
        if (!hashed.matches()) {
            return item;
        }
        Range whole = WHOLE.get(position);
        Range range = whole;
        if (hashed.group(1) != null) {
            range = new Range(Integer.parseInt(hashed.group(1)), Integer.parseInt(hashed.group(2)));
        }
        if (range.from() < whole.from() || range.to() > whole.to() || range.from() > range.to()) {
            throw new IllegalArgumentException(
                    "%s must lie within %d-%d".formatted(item, whole.from(), whole.to()));
        }
        int hash = hash(identity, position);
        if (hashed.group(3) == null) {
            int size = range.to() - range.from() + 1;
            return Integer.toString(range.from() + Math.floorMod(hash, size));
        }
        int step = Integer.parseInt(hashed.group(3));
        if (step < 1 || step > range.to() - range.from() + 1) {
            throw new IllegalArgumentException(item + " has a step that is larger than its range");
        }
        return "%d-%d/%d".formatted(range.from() + Math.floorMod(hash, step), range.to(), step);
    }

    /** Of its own for each field, or the minute would tell the hour. */
    private static int hash(String identity, int position) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest((identity + "/" + position).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getInt();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
