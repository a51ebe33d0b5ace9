package io.windlass.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import io.windlass.json.JsonRefusedException.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The items of an array, one after the other: no tree of the whole is made. */
public final class JsonArray implements AutoCloseable {
    /**
     * One item.
     *
     * @param bytes as many as it has in the text
     * @param values objects and arrays among them
     * @param refused what is wrong with it, by pointers from itself; then there is no tree
     */
    public record Item(@Nullable Object tree, long bytes, int values, List<Refused> refused) {}

    private final JsonParser parser;
    private final JsonStreamContext array;
    private final JsonBounds bounds;

    private JsonArray(JsonParser parser, JsonBounds bounds) throws IOException {
        this.parser = parser;
        this.bounds = bounds;
        parser.nextToken();
        this.array = parser.getParsingContext();
    }

    /** How many items there are, if the text is an array at all; each is looked through. */
    public static Optional<Integer> size(byte[] text) throws JsonSyntaxException {
        try (JsonParser parser = Json.parser(text)) {
            try {
                boolean isArray = parser.nextToken() == JsonToken.START_ARRAY;
                int items = 0;
                while (isArray && parser.nextToken() != JsonToken.END_ARRAY) {
                    parser.skipChildren();
                    items++;
                }
                parser.skipChildren();
                Json.atEnd(parser);
                return isArray ? Optional.of(items) : Optional.empty();
            } catch (JsonProcessingException e) {
                throw Json.syntax(e, TreeReader.pointer(parser));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Of a text whose {@link #size} is known.
     *
     * @param bounds of each item
     */
    public static JsonArray of(byte[] text, JsonBounds bounds) {
        try {
            return new JsonArray(Json.parser(text), bounds);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty at the end. */
    public Optional<Item> next() {
        try {
            JsonToken token = parser.nextToken();
            if (token == null || token == JsonToken.END_ARRAY) {
                return Optional.empty();
            }
            long from = parser.currentTokenLocation().getByteOffset();
            return Optional.of(item(from));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Item item(long from) throws IOException {
        int index = array.getCurrentIndex();
        try {
            TreeReader reader = new TreeReader(parser, bounds);
            Object tree = reader.read();
            long bytes = parser.currentLocation().getByteOffset() - from;
            return new Item(tree, bytes, reader.values(), List.of());
        } catch (JsonRefusedException e) {
            while (parser.getParsingContext().getNestingDepth() > array.getNestingDepth()) {
                parser.nextToken();
            }
            String own = "/" + index;
            return new Item(
                    null,
                    parser.currentLocation().getByteOffset() - from,
                    0,
                    e.refused().stream()
                            .map(one ->
                                    new Refused(
                                            one.pointer().substring(own.length()), one.message()))
                            .toList());
        }
    }

    @Override
    public void close() {
        try {
            parser.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
