package io.windlass.messages;

import io.windlass.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Typed reads of a message's tree; what is missing or of another type makes the message malformed.
 */
record TreeReader(Map<String, @Nullable Object> tree) {
    String text(String field) {
        if (tree.get(field) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(field + " must be text");
    }

    @Nullable String optionalText(String field) {
        return tree.get(field) instanceof String text ? text : null;
    }

    long number(String field) {
        if (tree.get(field) instanceof BigDecimal number) {
            try {
                return number.longValueExact();
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException(field + " must be a whole number", e);
            }
        }
        throw new IllegalArgumentException(field + " must be a number");
    }

    int count(String field) {
        return Math.toIntExact(Math.clamp(number(field), Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    boolean bool(String field) {
        return Boolean.TRUE.equals(tree.get(field));
    }

    @Nullable Instant optionalInstant(String field) {
        String text = optionalText(field);
        return text == null ? null : Instant.parse(text);
    }

    TreeReader object(String field) {
        return new TreeReader(Json.asObject(tree.get(field)));
    }

    @Nullable TreeReader optionalObject(String field) {
        return tree.get(field) == null ? null : object(field);
    }

    <T> List<T> list(String field, Function<TreeReader, T> read) {
        if (tree.get(field) instanceof List<?> list) {
            return list.stream()
                    .map(item -> read.apply(new TreeReader(Json.asObject(item))))
                    .toList();
        }
        throw new IllegalArgumentException(field + " must be a list");
    }
}
