package io.windlass.messages;

import io.windlass.job.BoundedText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last guard before a message is written: no text that a queue refuses, none of any length. */
final class FitTree {
    private FitTree() {}

    static Map<String, @Nullable Object> of(Map<String, @Nullable Object> tree, int longest) {
        Map<String, @Nullable Object> fit = new LinkedHashMap<>();
        tree.forEach((key, value) -> fit.put(key, node(value, longest)));
        return fit;
    }

    private static @Nullable Object node(@Nullable Object node, int longest) {
        return switch (node) {
            case null -> null;
            case String text -> BoundedText.of(text, longest);
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> fit = new LinkedHashMap<>();
                map.forEach((key, value) -> fit.put((String) key, node(value, longest)));
                yield fit;
            }
            case List<?> list -> {
                List<@Nullable Object> fit = new ArrayList<>(list.size());
                list.forEach(one -> fit.add(node(one, longest)));
                yield fit;
            }
            default -> node;
        };
    }
}
