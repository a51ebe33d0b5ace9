package io.windlass.schedule;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A field that is not as it was; arrays are compared as a whole. */
public record Change(String pointer, @Nullable Object before, @Nullable Object after) {
    /** Between two trees, in the order of their fields. */
    public static List<Change> between(Map<?, ?> before, Map<?, ?> after) {
        List<Change> out = new ArrayList<>();
        collect("", before, after, out);
        return out;
    }

    private static void collect(
            String pointer, Map<?, ?> before, Map<?, ?> after, List<Change> out) {
        Set<Object> keys = new LinkedHashSet<>(before.keySet());
        keys.addAll(after.keySet());
        for (Object key : keys) {
            String at = pointer + "/" + String.valueOf(key).replace("~", "~0").replace("/", "~1");
            Object was = before.get(key);
            Object is = after.get(key);
            if (was instanceof Map<?, ?> one && is instanceof Map<?, ?> other) {
                collect(at, one, other, out);
            } else if (!Objects.equals(was, is)) {
                out.add(new Change(at, was, is));
            }
        }
    }
}
