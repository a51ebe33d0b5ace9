package io.windlass.web;

import io.windlass.json.Json;
import io.windlass.log.Piece;
import io.windlass.log.StampedLines;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A log as a stream of JSON objects, one for each line: with its offset, its time, and its text;
 * what is no UTF-8 in base64. Long lines come in parts. The last object tells how it ended.
 */
final class LogLines implements LogFormat {
    private static final int LONGEST = 64 << 10;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private @Nullable String time;
    private long offset;

    @Override
    public byte[] of(Piece piece) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        for (int i = 0; i < piece.lines(); i++) {
            take(piece, at, piece.start(i), out);
            flush(out);
            time = StampedLines.instant(piece.time(i)).toString();
            at = piece.start(i);
        }
        take(piece, at, piece.length(), out);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void take(Piece piece, int start, int end, StringBuilder out) {
        int at = start;
        while (at < end) {
            if (line.size() == 0) {
                offset = piece.from() + at;
            }
            int to = Math.min(end, at + LONGEST - line.size());
            byte[] bytes = piece.content(at, to);
            line.writeBytes(bytes);
            if (bytes[bytes.length - 1] == '\n' || line.size() == LONGEST) {
                flush(out);
            }
            at = to;
        }
    }

    private void flush(StringBuilder out) {
        if (line.size() == 0) {
            return;
        }
        byte[] bytes = line.toByteArray();
        line.reset();
        boolean whole = bytes[bytes.length - 1] == '\n';
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("offset", offset);
        tree.put("time", time);
        int length = whole ? bytes.length - 1 : bytes.length;
        try {
            tree.put(
                    "line",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes, 0, length))
                            .toString());
        } catch (CharacterCodingException e) {
            byte[] exact = new byte[length];
            System.arraycopy(bytes, 0, exact, 0, length);
            tree.put("base64", Base64.getEncoder().encodeToString(exact));
        }
        if (!whole) {
            tree.put("partial", true);
        }
        append(out, tree);
    }

    private static void append(StringBuilder out, Map<String, @Nullable Object> tree) {
        out.append(Json.write(tree)).append('\n');
    }

    @Override
    public byte[] of(LogSource.Part.Missing missing) {
        StringBuilder out = new StringBuilder();
        flush(out);
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("from", missing.from());
        tree.put("to", missing.to());
        tree.put("why", missing.why());
        append(out, Map.of("missing", tree));
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] of(LogSource.Part.End end) {
        StringBuilder out = new StringBuilder();
        flush(out);
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("offset", end.offset());
        tree.put("receipt", LogTree.receipt(end.log()));
        append(out, Map.of("end", tree));
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }
}
