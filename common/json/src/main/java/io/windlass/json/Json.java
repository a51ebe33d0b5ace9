package io.windlass.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads and writes trees. Duplicate keys, deep nesting and trailing text are refused. */
public final class Json {
    // more than anybody may send: answers and manifests nest what was sent in something else
    private static final int MAX_DEPTH = 128;
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    // readers of trees look at the length themselves
                                    .maxNumberLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private Json() {}

    /** For text that Windlass wrote itself, or that only it reads. */
    public static @Nullable Object parse(byte[] text) throws JsonSyntaxException {
        try {
            return document(text, null);
        } catch (JsonRefusedException e) {
            throw new IllegalStateException("there are no bounds", e);
        }
    }

    public static @Nullable Object parse(String text) throws JsonSyntaxException {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /** For text that somebody sent: what is kept of it can be read again by everybody. */
    public static @Nullable Object parse(byte[] text, JsonBounds bounds)
            throws JsonSyntaxException, JsonRefusedException {
        return document(text, bounds);
    }

    /** For text that this system wrote itself: anything but an object is a defect. */
    public static Map<String, @Nullable Object> object(String text) {
        try {
            return asObject(parse(text));
        } catch (JsonSyntaxException e) {
            throw new IllegalArgumentException("not a JSON object: " + e.getMessage(), e);
        }
    }

    @SuppressWarnings("unchecked") // the parser makes no other maps than these
    public static Map<String, @Nullable Object> asObject(@Nullable Object tree) {
        if (tree instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw new IllegalArgumentException("not a JSON object");
    }

    public static String write(@Nullable Object tree) {
        return write(tree, false);
    }

    /** The same tree gives the same text, whatever the order of its keys. */
    public static String canonical(@Nullable Object tree) {
        return write(tree, true);
    }

    private static String write(@Nullable Object tree, boolean sorted) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            write(json, tree, sorted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    private static void write(JsonGenerator json, @Nullable Object node, boolean sorted)
            throws IOException {
        switch (node) {
            case null -> json.writeNull();
            case Map<?, ?> map -> {
                json.writeStartObject();
                Map<?, ?> ordered = sorted ? new TreeMap<>(map) : map;
                for (Map.Entry<?, ?> entry : ordered.entrySet()) {
                    json.writeFieldName((String) entry.getKey());
                    write(json, entry.getValue(), sorted);
                }
                json.writeEndObject();
            }
            case Iterable<?> list -> {
                json.writeStartArray();
                for (Object item : list) {
                    write(json, item, sorted);
                }
                json.writeEndArray();
            }
            case Boolean bool -> json.writeBoolean(bool);
            case BigDecimal number -> json.writeNumber(number);
            case BigInteger number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Integer number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            default -> json.writeString(node.toString());
        }
    }

    static JsonParser parser(byte[] text) throws IOException {
        return FACTORY.createParser(text);
    }

    private static @Nullable Object document(byte[] text, @Nullable JsonBounds bounds)
            throws JsonSyntaxException, JsonRefusedException {
        try (JsonParser parser = parser(text)) {
            try {
                return document(parser, bounds);
            } catch (JsonProcessingException e) {
                throw syntax(e, TreeReader.pointer(parser));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Object document(JsonParser parser, @Nullable JsonBounds bounds)
            throws IOException, JsonSyntaxException, JsonRefusedException {
        if (parser.nextToken() == null) {
            throw new JsonSyntaxException("the text is empty", 1, 1, "");
        }
        Object tree = new TreeReader(parser, bounds).read();
        atEnd(parser);
        return tree;
    }

    static void atEnd(JsonParser parser) throws IOException, JsonSyntaxException {
        if (parser.nextToken() != null) {
            throw new JsonSyntaxException(
                    "something follows the end of the document",
                    parser.currentLocation().getLineNr(),
                    parser.currentLocation().getColumnNr(),
                    "");
        }
    }

    /** In our own words: a parser's text names its classes and quotes the input. */
    static JsonSyntaxException syntax(JsonProcessingException e, String pointer) {
        int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
        int column = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getColumnNr());
        String original = String.valueOf(e.getOriginalMessage());
        String what =
                switch (e) {
                    case JsonEOFException eof -> "the text ends too early";
                    case StreamConstraintsException limit ->
                            "nested deeper than " + MAX_DEPTH + " levels, or a name too long";
                    default ->
                            original.startsWith("Duplicate field")
                                    ? "a key stands twice in one object"
                                    : original.startsWith(TreeReader.NUMBER_TOO_LONG)
                                            ? TreeReader.NUMBER_TOO_LONG
                                            : "not valid JSON";
                };
        return new JsonSyntaxException(what, line, column, pointer);
    }
}
