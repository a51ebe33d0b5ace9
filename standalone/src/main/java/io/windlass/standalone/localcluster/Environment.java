package io.windlass.standalone.localcluster;

import io.windlass.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a container's variables come to, with its Secrets and ConfigMaps. */
record Environment(ObjectStore store, Stored pod) {
    private static final String PATH =
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    sealed interface Resolution {}

    /** {@code NAME=value} each. */
    record Resolved(List<String> assignments) implements Resolution {}

    /** In the kubelet's words. */
    record Missing(String message) implements Resolution {}

    Resolution resolve(Map<String, @Nullable Object> container) {
        List<String> out = new ArrayList<>();
        out.add(PATH);
        out.add("HOSTNAME=" + pod.name());
        Integer index = JobController.index(pod);
        if (index != null) {
            out.add("JOB_COMPLETION_INDEX=" + index);
        }
        if (container.get("env") instanceof List<?> env) {
            for (Object item : env) {
                Map<String, @Nullable Object> variable = Json.asObject(item);
                String name = String.valueOf(variable.get("name"));
                switch (value(variable)) {
                    case Resolved one -> out.add(name + "=" + one.assignments().getFirst());
                    case Missing missing -> {
                        return missing;
                    }
                }
            }
        }
        return new Resolved(out);
    }

    private Resolution value(Map<String, @Nullable Object> variable) {
        if (!(variable.get("valueFrom") instanceof Map<?, ?> from)) {
            Object value = variable.get("value");
            return new Resolved(List.of(value == null ? "" : value.toString()));
        }
        if (from.get("secretKeyRef") instanceof Map<?, ?> ref) {
            return reference(Kind.SECRET, ref);
        }
        if (from.get("configMapKeyRef") instanceof Map<?, ?> ref) {
            return reference(Kind.CONFIG_MAP, ref);
        }
        if (from.get("fieldRef") instanceof Map<?, ?> ref) {
            Object value = pod.at(String.valueOf(ref.get("fieldPath")).split("\\.", -1));
            return new Resolved(List.of(value == null ? "" : value.toString()));
        }
        return new Resolved(List.of(""));
    }

    private Resolution reference(Kind kind, Map<?, ?> ref) {
        String name = String.valueOf(ref.get("name"));
        String key = String.valueOf(ref.get("key"));
        boolean optional = Boolean.TRUE.equals(ref.get("optional"));
        Stored object = store.find(kind, pod.namespace(), name).orElse(null);
        if (object == null) {
            return optional
                    ? new Resolved(List.of(""))
                    : new Missing(
                            (kind == Kind.SECRET ? "secret" : "configmap")
                                    + " \""
                                    + name
                                    + "\" not found");
        }
        String value = value(object, key);
        if (value == null && !optional) {
            return new Missing(
                    "couldn't find key %s in %s %s/%s"
                            .formatted(key, kind.kindName(), pod.namespace(), name));
        }
        return new Resolved(List.of(value == null ? "" : value));
    }

    private static @Nullable String value(Stored object, String key) {
        if (object.at("stringData", key) instanceof String plain) {
            return plain;
        }
        Object data = object.at("data", key);
        if (data == null || object.kind() == Kind.CONFIG_MAP) {
            return data == null ? null : data.toString();
        }
        return new String(Base64.getDecoder().decode(data.toString()), StandardCharsets.UTF_8);
    }
}
