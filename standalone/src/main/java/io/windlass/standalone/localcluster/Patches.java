package io.windlass.standalone.localcluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** JSON merge patch and JSON patch, on trees. */
final class Patches {
    private Patches() {}

    static @Nullable Object merge(@Nullable Object target, @Nullable Object patch) {
        if (!(patch instanceof Map<?, ?> changes)) {
            return patch;
        }
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        if (target instanceof Map<?, ?> before) {
            before.forEach((key, value) -> out.put(String.valueOf(key), value));
        }
        changes.forEach((key, value) -> {
            if (value == null) {
                out.remove(String.valueOf(key));
            } else {
                out.put(String.valueOf(key), merge(out.get(String.valueOf(key)), value));
            }
        });
        return out;
    }

    static @Nullable Object json(@Nullable Object target, List<?> operations) {
        Object out = target;
        for (Object item : operations) {
            if (!(item instanceof Map<?, ?> operation)) {
                throw new ApiException(400, "BadRequest", "a JSON patch is a list of operations");
            }
            String[] path = String.valueOf(operation.get("path")).split("/", -1);
            out = apply(out, path, 1, String.valueOf(operation.get("op")), operation.get("value"));
        }
        return out;
    }

    private static @Nullable Object apply(
            @Nullable Object node, String[] path, int at, String op, @Nullable Object value) {
        if (at == path.length) {
            if (op.equals("test") && !Objects.equals(node, value)) {
                throw ApiException.invalid("the test of the JSON patch failed");
            }
            return op.equals("test") ? node : value;
        }
        String step = path[at].replace("~1", "/").replace("~0", "~");
        boolean last = at == path.length - 1;
        if (node instanceof List<?> before) {
            List<@Nullable Object> list = new ArrayList<>(before);
            int index = step.equals("-") ? list.size() : Integer.parseInt(step);
            if (last && op.equals("add")) {
                list.add(index, value);
            } else if (last && op.equals("remove")) {
                list.remove(index);
            } else {
                list.set(index, apply(list.get(index), path, at + 1, op, value));
            }
            return list;
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        if (node instanceof Map<?, ?> before) {
            before.forEach((key, v) -> map.put(String.valueOf(key), v));
        }
        if (last && op.equals("remove")) {
            map.remove(step);
        } else {
            map.put(step, apply(map.get(step), path, at + 1, op, value));
        }
        return map;
    }
}
