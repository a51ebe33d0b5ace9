package io.windlass.e2e.neighbour;

import io.windlass.json.Json;
import io.windlass.testing.TestSize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A text in pieces, some of them repeated: what is megabytes when it is sent is a line in a file.
 * {@code {pad:N}} is N letters.
 */
record HostileBody(List<Piece> pieces, boolean gzip) {
    private static final Pattern PADDING = Pattern.compile("\\{pad:(\\d+)}");

    /**
     * So many times the same, but for {@code {n}}, the number of the repetition.
     *
     * @param separator between two of them
     */
    record Piece(String text, int times, String separator) {}

    /** A tree of JSON, or a list of texts and of objects with {@code repeat}. */
    static HostileBody of(@Nullable Object tree, boolean gzip) {
        if (tree instanceof List<?> list) {
            return new HostileBody(list.stream().map(HostileBody::piece).toList(), gzip);
        }
        String text = tree instanceof String given ? given : Json.write(tree);
        return new HostileBody(List.of(new Piece(text, 1, "")), gzip);
    }

    private static Piece piece(@Nullable Object tree) {
        if (tree instanceof String text) {
            return new Piece(text, 1, "");
        }
        Map<String, @Nullable Object> map = Json.asObject(tree);
        Object repeat = map.get("repeat");
        Object separator = map.get("separator");
        return new Piece(
                repeat instanceof String text ? text : Json.write(repeat),
                number(map.get("times")),
                separator == null ? "" : separator.toString());
    }

    /** A number, or one for each size of the test. */
    static int number(@Nullable Object tree) {
        if (tree instanceof Map<?, ?> sizes) {
            return number(TestSize.of(sizes.get("short"), sizes.get("full")));
        }
        if (tree instanceof Number number) {
            return number.intValue();
        }
        throw new IllegalArgumentException("not a number, nor one for short and full: " + tree);
    }

    /** Whether it is the same in each call of each namespace. */
    boolean isConstant() {
        return pieces.stream()
                .map(Piece::text)
                .noneMatch(text -> text.contains("{namespace}") || text.contains("{i}"));
    }

    /** With the namespace and the like put in by {@code filled}. */
    byte[] bytes(UnaryOperator<String> filled) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            if (gzip) {
                try (GZIPOutputStream zipped = new GZIPOutputStream(out)) {
                    for (Piece piece : pieces) {
                        zipped.write(bytes(piece, filled));
                    }
                }
            } else {
                for (Piece piece : pieces) {
                    out.write(bytes(piece, filled));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] bytes(Piece piece, UnaryOperator<String> filled) {
        String text =
                PADDING.matcher(filled.apply(piece.text()))
                        .replaceAll(pad -> "x".repeat(Integer.parseInt(pad.group(1))));
        StringBuilder all =
                new StringBuilder(piece.times() * (text.length() + piece.separator().length()));
        boolean numbered = text.contains("{n}");
        for (int i = 0; i < piece.times(); i++) {
            all.append(i == 0 ? "" : piece.separator());
            all.append(numbered ? text.replace("{n}", Integer.toString(i)) : text);
        }
        return all.toString().getBytes(StandardCharsets.UTF_8);
    }
}
