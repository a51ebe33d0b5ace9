package io.windlass.json;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.windlass.json.JsonRefusedException.Refused;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds a tree of one value that a parser reads, and holds it to its bounds; without bounds it is
 * text that Windlass wrote itself.
 */
final class TreeReader {
    static final String NUMBER_TOO_LONG = "a number too long";
    private static final int LONGEST_NUMBER = 100;
    private static final int LONGEST_POINTER = 500;
    private static final String TEXT =
            "must not contain NUL, U+FFFE, U+FFFF or half of a surrogate pair";
    private static final String NUMBER =
            "must have at most " + JsonBounds.DIGITS + " digits when written without an exponent";

    private final JsonParser parser;
    private final @Nullable JsonBounds bounds;
    private final List<Refused> refused = new ArrayList<>();
    private int nodes;
    private int depth;

    TreeReader(JsonParser parser, @Nullable JsonBounds bounds) {
        this.parser = parser;
        this.bounds = bounds;
    }

    /** The value that begins with the parser's current token. */
    @Nullable Object read() throws IOException, JsonRefusedException {
        Object tree = node();
        if (!refused.isEmpty()) {
            throw new JsonRefusedException(refused);
        }
        return tree;
    }

    int values() {
        return nodes;
    }

    private @Nullable Object node() throws IOException, JsonRefusedException {
        nodes++;
        if (bounds != null && nodes > bounds.nodes()) {
            stop("is one value too many: there may be " + bounds.nodes());
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> text();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                    throw new JsonParseException(parser, "unexpected token");
        };
    }

    private Object object() throws IOException, JsonRefusedException {
        descend();
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            if (bounds != null && !TextCheck.isStorable(key)) {
                refuse("has a key that is not allowed: it " + TEXT);
            }
            parser.nextToken();
            map.put(key, node());
        }
        depth--;
        return map;
    }

    private Object array() throws IOException, JsonRefusedException {
        descend();
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(node());
        }
        depth--;
        return list;
    }

    private void descend() throws JsonRefusedException {
        depth++;
        if (bounds != null && depth > bounds.depth()) {
            stop("is nested deeper than " + bounds.depth() + " levels");
        }
    }

    private @Nullable Object text() throws IOException, JsonRefusedException {
        String text = parser.getText();
        if (bounds != null && !TextCheck.isStorable(text)) {
            refuse(TEXT);
        }
        return text;
    }

    private @Nullable Object number() throws IOException, JsonRefusedException {
        if (bounds == null) {
            if (parser.getTextLength() > LONGEST_NUMBER) {
                throw new JsonParseException(parser, NUMBER_TOO_LONG);
            }
            return parser.getDecimalValue();
        }
        BigDecimal number = parser.getTextLength() > LONGEST_NUMBER ? null : bounded();
        if (number == null) {
            refuse(NUMBER);
            return BigDecimal.ZERO;
        }
        return number;
    }

    /**
     * Null where it has too many digits. Without an exponent, so that it is stored and handed on as
     * everybody reads it.
     */
    private @Nullable BigDecimal bounded() throws IOException {
        BigDecimal number;
        try {
            number = new BigDecimal(parser.getText());
        } catch (NumberFormatException e) {
            // its exponent is beyond what a number may have
            return null;
        }
        long before = Math.max(1, (long) number.precision() - number.scale());
        long behind = Math.max(0, number.scale());
        if (before + behind > JsonBounds.DIGITS) {
            return null;
        }
        return number.scale() < 0 ? number.setScale(0) : number;
    }

    /** Reading goes on: there may be more to tell. */
    private void refuse(String message) throws JsonRefusedException {
        refused.add(new Refused(pointer(parser), message));
        if (refused.size() == JsonBounds.ERRORS) {
            throw new JsonRefusedException(refused);
        }
    }

    private void stop(String message) throws JsonRefusedException {
        refused.add(new Refused(pointer(parser), message));
        throw new JsonRefusedException(refused);
    }

    /** Where a parser is. */
    static String pointer(JsonParser parser) {
        String pointer = TextCheck.shown(parser.getParsingContext().pathAsPointer().toString());
        return pointer.length() <= LONGEST_POINTER
                ? pointer
                : pointer.substring(0, LONGEST_POINTER) + "…";
    }
}
