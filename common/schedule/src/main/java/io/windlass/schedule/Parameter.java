package io.windlass.schedule;

import io.windlass.job.Durations;
import io.windlass.job.Fields;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an instance of a template may, or has to, say. */
record Parameter(String name, Type type, @Nullable Object otherwise, List<Object> oneOf) {
    private static final Set<String> FIELDS =
            Set.of("name", "type", "default", "enum", "description");
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,62}");

    /** By these names, in lower case. */
    enum Type {
        STRING("a string"),
        INTEGER("a whole number"),
        NUMBER("a number"),
        BOOLEAN("true or false"),
        DURATION("a duration such as 10m"),
        STRINGS("an array of strings");

        private final String expected;

        Type(String expected) {
            this.expected = expected;
        }

        boolean has(Object value) {
            return switch (this) {
                case STRING -> value instanceof String;
                case INTEGER ->
                        value instanceof BigDecimal number
                                && Fields.isWhole(number, Long.MIN_VALUE, Long.MAX_VALUE);
                case NUMBER -> value instanceof BigDecimal;
                case BOOLEAN -> value instanceof Boolean;
                case DURATION -> value instanceof String text && Durations.parse(text).isPresent();
                case STRINGS ->
                        value instanceof List<?> list
                                && list.stream().allMatch(String.class::isInstance);
            };
        }
    }

    static @Nullable Parameter read(Fields in) {
        in.onlyKnown(FIELDS);
        String name = in.text("name", "");
        if (!NAME.matcher(name).matches()) {
            in.error("name", "must be a letter and up to 62 letters, digits and '_'");
        }
        String type = in.text("type", "string");
        for (Type known : Type.values()) {
            if (known.name().toLowerCase(Locale.ROOT).equals(type)) {
                return of(in, name, known);
            }
        }
        in.error("type", "must be string, integer, number, boolean, duration or strings");
        return null;
    }

    private static Parameter of(Fields in, String name, Type type) {
        Map<String, @Nullable Object> tree = in.tree();
        List<Object> oneOf = in.list("enum", Object.class, type.expected);
        if (!oneOf.stream().allMatch(type::has)) {
            in.error("enum", "must have values that are each " + type.expected);
        }
        Parameter parameter = new Parameter(name, type, tree.get("default"), oneOf);
        if (parameter.otherwise != null) {
            parameter.objection(parameter.otherwise).ifPresent(o -> in.error("default", o));
        }
        return parameter;
    }

    Optional<String> objection(Object value) {
        if (!type.has(value)) {
            return Optional.of("must be " + type.expected);
        }
        return oneOf.isEmpty() || oneOf.contains(value)
                ? Optional.empty()
                : Optional.of("must be one of " + oneOf);
    }
}
