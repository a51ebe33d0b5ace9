package io.windlass.job;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An object being read field by field; what is wrong is collected, not thrown. */
public final class Fields {
    private final Map<?, ?> object;
    private final String pointer;
    private final List<FieldError> errors;

    public Fields(Map<?, ?> object, String pointer, List<FieldError> errors) {
        this.object = object;
        this.pointer = pointer;
        this.errors = errors;
    }

    public void onlyKnown(Set<String> known) {
        for (Object key : object.keySet()) {
            if (!known.contains(String.valueOf(key))) {
                error(String.valueOf(key), "is not a field that is known here");
            }
        }
    }

    public boolean has(String field) {
        return object.get(field) != null;
    }

    public void error(String field, String message) {
        errors.add(new FieldError(at(field), message));
    }

    public String at(String field) {
        return pointer + "/" + field.replace("~", "~0").replace("/", "~1");
    }

    /** Absent or null gives null; a wrong type gives null and an error. */
    public <T> @Nullable T typed(String field, Class<T> type, String expected) {
        Object value = object.get(field);
        if (value == null) {
            return null;
        }
        if (!type.isInstance(value)) {
            error(field, "must be " + expected);
            return null;
        }
        return type.cast(value);
    }

    public @Nullable String text(String field) {
        String text = typed(field, String.class, "a string");
        if (text != null && text.indexOf('\0') >= 0) {
            error(field, "must not contain a NUL character");
            return null;
        }
        return text;
    }

    public String text(String field, String otherwise) {
        String text = text(field);
        return text == null ? otherwise : text;
    }

    /** A name that Kubernetes takes as a label of a domain. */
    public String name(String field, String otherwise) {
        String text = text(field, otherwise);
        if (has(field) && !Syntax.dnsLabel(text)) {
            error(
                    field,
                    "must be 1 to 63 of a-z, 0-9 and '-', beginning and ending with a letter or digit");
        }
        return text;
    }

    public int whole(String field, int otherwise, int min, int max) {
        BigDecimal number = typed(field, BigDecimal.class, "a number");
        if (number == null) {
            return otherwise;
        }
        if (!isWhole(number, min, max)) {
            error(field, "must be a whole number from " + min + " to " + max);
            return otherwise;
        }
        return number.intValueExact();
    }

    /** The range first: digits of a number that is far out of it may be too many to count. */
    public static boolean isWhole(BigDecimal number, long min, long max) {
        return number.compareTo(BigDecimal.valueOf(min)) >= 0
                && number.compareTo(BigDecimal.valueOf(max)) <= 0
                && number.stripTrailingZeros().scale() <= 0;
    }

    public @Nullable Duration duration(String field, Duration min, Duration max) {
        String text = text(field);
        if (text == null) {
            return null;
        }
        Duration duration = Durations.parse(text).orElse(null);
        if (duration == null) {
            error(field, "must be a duration such as 30s, 10m, 1h30m or PT10M");
            return null;
        }
        if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
            error(field, "must be from " + Durations.format(min) + " to " + Durations.format(max));
            return null;
        }
        return duration;
    }

    List<String> texts(String field) {
        return list(field, String.class, "a string");
    }

    public <T> List<T> list(String field, Class<T> type, String expected) {
        List<T> out = new ArrayList<>();
        List<?> list = typed(field, List.class, "an array");
        for (int i = 0; list != null && i < list.size(); i++) {
            Object item = list.get(i);
            if (!type.isInstance(item) || (item instanceof String s && s.indexOf('\0') >= 0)) {
                errors.add(new FieldError(at(field) + "/" + i, "must be " + expected));
            } else {
                out.add(type.cast(item));
            }
        }
        return List.copyOf(out);
    }

    /** The items of an array of objects, each by a reader of its own fields. */
    public <T> List<T> objects(String field, Function<Fields, @Nullable T> reader) {
        List<T> out = new ArrayList<>();
        List<?> list = typed(field, List.class, "an array");
        for (int i = 0; list != null && i < list.size(); i++) {
            String at = at(field) + "/" + i;
            if (list.get(i) instanceof Map<?, ?> map) {
                T item = reader.apply(new Fields(map, at, errors));
                if (item != null) {
                    out.add(item);
                }
            } else {
                errors.add(new FieldError(at, "must be an object"));
            }
        }
        return List.copyOf(out);
    }

    public String pointer() {
        return pointer;
    }

    /** Absent or null gives an object without fields. */
    public Fields objectOrEmpty(String field) {
        Fields object = object(field);
        return object == null ? new Fields(Map.of(), at(field), errors) : object;
    }

    public @Nullable Fields object(String field) {
        Map<?, ?> map = typed(field, Map.class, "an object");
        return map == null ? null : new Fields(map, at(field), errors);
    }

    public Map<String, String> textMap(String field) {
        Map<String, String> out = new LinkedHashMap<>();
        Map<?, ?> map = typed(field, Map.class, "an object");
        if (map != null) {
            map.forEach((key, value) -> {
                if (value instanceof String text && text.indexOf('\0') < 0) {
                    out.put(String.valueOf(key), text);
                } else {
                    errors.add(
                            new FieldError(
                                    new Fields(map, at(field), errors).at(String.valueOf(key)),
                                    "must be a string"));
                }
            });
        }
        return out;
    }

    /** The object as it stands: for what is handed on to Kubernetes. */
    public Map<String, @Nullable Object> tree() {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        object.forEach((key, value) -> out.put(String.valueOf(key), value));
        return out;
    }

    public Set<String> keys() {
        return tree().keySet();
    }
}
