package io.windlass.harness;

import io.windlass.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Compares what is read of a log with what was written, byte for byte and gap by gap. Bytes may be
 * missing only where the receipt says so, and what comes after a gap was written after it.
 */
public final class LogComparison implements LogClient.Sink {
    private static final int LONGEST_LINE = 1 << 16;

    private final WrittenLines lines;
    private final String ending;
    private final List<Jump> jumps = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final List<String> others = new ArrayList<>();

    private byte[] line = new byte[256];
    private int length;
    private boolean begunInside;
    private byte[] inside = {};
    private long offset;
    private long lineAt;
    private long verified;
    private long next;

    /** How many bytes of what was written are missing before this one. */
    private long missing;

    private boolean ended;

    /**
     * @param missing before the line at this byte of the log, more than before
     * @param after the end of the last line that was compared
     */
    private record Jump(long after, long at, long missing) {}

    /** Bytes of the log that the reader was not given. */
    private record Gap(long from, long to) {}

    /**
     * @param ending what is written after the lines, the last of which may be cut off
     */
    public LogComparison(WrittenLines lines, String ending) {
        this.lines = lines;
        this.ending = ending;
        this.next = lines.first();
    }

    @Override
    public void bytes(long from, byte[] buffer, int count) {
        if (from != offset) {
            gap(from);
        }
        for (int i = 0; i < count; i++) {
            if (length == line.length) {
                line = Arrays.copyOf(line, length * 2);
            }
            line[length++] = buffer[i];
            if (buffer[i] == '\n') {
                offset = from + i + 1;
                whole();
            } else if (length > LONGEST_LINE) {
                other("a line longer than any");
                begin(from + i + 1, true);
            }
        }
        offset = from + count;
    }

    private void gap(long from) {
        if (from < offset) {
            others.add("byte " + from + " came again after byte " + offset);
        }
        rest();
        gaps.add(new Gap(offset, from));
        offset = from;
        begin(from, true);
    }

    private void begin(long at, boolean isInside) {
        lineAt = at;
        length = 0;
        begunInside = isInside;
    }

    private void whole() {
        if (begunInside) {
            inside = Arrays.copyOf(line, length);
            begin(offset, false);
            return;
        }
        long number = lines.number(line, length);
        if (number < 0) {
            last();
        } else {
            if (!endsWith(lines.line(number - 1), inside) && inside.length > 0) {
                others.add("before byte " + lineAt + ": " + text(inside, inside.length));
            }
            inside = new byte[0];
            long before = lines.position(number) - lineAt;
            if (before != missing) {
                jumps.add(new Jump(verified, lineAt, before - missing));
                missing = before;
            }
            next = number + 1;
            verified = offset;
        }
        begin(offset, false);
    }

    /** The last line may be cut off by what comes after it. */
    private void last() {
        String text = text(line, length);
        if (!ended
                && !ending.isEmpty()
                && text.endsWith(ending)
                && isBegin(length - ending.length())) {
            ended = true;
            verified = offset;
        } else {
            other(text);
        }
    }

    private boolean isBegin(int count) {
        byte[] expected = lines.line(next);
        return count < expected.length && Arrays.equals(line, 0, count, expected, 0, count);
    }

    private void other(String text) {
        others.add("at byte " + lineAt + ": " + text);
    }

    private void rest() {
        if (length > 0 && (begunInside || ended || !isBegin(length))) {
            other(text(line, length));
        }
    }

    private static boolean endsWith(byte[] whole, byte[] end) {
        return end.length <= whole.length
                && Arrays.equals(
                        whole, whole.length - end.length, whole.length, end, 0, end.length);
    }

    private static String text(byte[] bytes, int length) {
        return new String(bytes, 0, Math.min(length, 2_000), StandardCharsets.ISO_8859_1);
    }

    /** Up to which byte of what was written this has come. */
    public long written() {
        return offset + missing;
    }

    /** What the receipt does not explain; all has been read. */
    public List<String> faults(Map<String, Object> receipt) {
        List<String> faults = new ArrayList<>(others);
        List<Map<String, Object>> lost =
                ((List<?>) receipt.get("lost")).stream().map(Json::asObject).toList();
        for (Jump jump : jumps) {
            if (jump.missing() < 0 || lost.stream().noneMatch(loss -> explains(loss, jump))) {
                faults.add(jump + " is not among " + lost);
            }
        }
        for (Gap gap : gaps) {
            if (!isOmitted(gap, receipt.get("omitted"))) {
                faults.add(gap + " is not within " + receipt.get("omitted"));
            }
        }
        if (offset != LogStack.number(receipt, "bytes")) {
            faults.add("it ends at byte " + offset + " of " + receipt.get("bytes"));
        }
        if (ending.isEmpty() ? length > 0 && !isBegin(length) : !ended || length > 0) {
            faults.add("it ends with " + text(line, length));
        }
        return faults;
    }

    /** Who reads far behind may miss a file at any time from then on. */
    private static boolean explains(Map<String, Object> loss, Jump jump) {
        long at = LogStack.number(loss, "at");
        boolean anyTime = at > 0 && "LAGGED".equals(loss.get("why"));
        return at <= jump.at() && (anyTime || at >= jump.after());
    }

    private static boolean isOmitted(Gap gap, Object omitted) {
        if (omitted == null) {
            return false;
        }
        Map<String, Object> range = Json.asObject(omitted);
        return gap.from() >= LogStack.number(range, "from")
                && gap.to() <= LogStack.number(range, "to");
    }
}
