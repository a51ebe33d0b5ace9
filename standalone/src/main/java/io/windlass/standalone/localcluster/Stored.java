package io.windlass.standalone.localcluster;

import io.windlass.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One version of an object: its tree is never changed, only replaced. */
record Stored(Kind kind, Map<String, @Nullable Object> tree) {
    Map<String, @Nullable Object> metadata() {
        return Json.asObject(tree.getOrDefault("metadata", Map.of()));
    }

    String namespace() {
        return text(metadata().get("namespace"));
    }

    String name() {
        return text(metadata().get("name"));
    }

    String uid() {
        return text(metadata().get("uid"));
    }

    long version() {
        return Long.parseLong(text(metadata().get("resourceVersion")));
    }

    boolean deleting() {
        return metadata().get("deletionTimestamp") != null;
    }

    List<?> finalizers() {
        return metadata().get("finalizers") instanceof List<?> list ? list : List.of();
    }

    Map<String, @Nullable Object> labels() {
        return metadata().get("labels") instanceof Map<?, ?> labels
                ? Json.asObject(labels)
                : Map.of();
    }

    /** With other metadata; everything else is shared. */
    Stored withMetadata(String key, @Nullable Object value) {
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>(metadata());
        if (value == null) {
            metadata.remove(key);
        } else {
            metadata.put(key, value);
        }
        return with("metadata", metadata);
    }

    Stored with(String key, @Nullable Object value) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(tree);
        if (value == null) {
            copy.remove(key);
        } else {
            copy.put(key, value);
        }
        return new Stored(kind, copy);
    }

    /** A value somewhere below, by the names on the way; null where the way ends early. */
    @Nullable Object at(String... path) {
        Object node = tree;
        for (String step : path) {
            node = node instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return node;
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
