package io.windlass.web;

import io.windlass.job.FieldError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The job of a schedule with what somebody wants otherwise this time. */
final class RunOverrides {
    private static final Set<String> FIXED = Set.of("namespace");
    private static final Set<String> ONE_BY_ONE = Set.of("labels", "resources", "nodeSelector");

    private RunOverrides() {}

    /**
     * As a tree of a job.
     *
     * @param said an object with nothing but a job, or with nothing
     */
    static Map<String, @Nullable Object> on(@Nullable Object job, @Nullable Object said) {
        Map<String, @Nullable Object> out = map(job, "/job");
        Map<String, @Nullable Object> body = map(said, "");
        for (String field : body.keySet()) {
            if (!field.equals("job")) {
                throw wrong("/" + field, "is not known; there is job");
            }
        }
        Object overrides = body.get("job");
        if (overrides != null) {
            map(overrides, "/job").forEach((field, value) -> override(out, field, value));
        }
        return out;
    }

    private static void override(
            Map<String, @Nullable Object> job, String field, @Nullable Object value) {
        if (FIXED.contains(field)) {
            throw wrong("/job/" + field, "is that of the schedule");
        }
        if (value == null) {
            job.remove(field);
        } else if (field.equals("env")) {
            job.put(field, variables(job.get(field), value));
        } else if (ONE_BY_ONE.contains(field) && value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> merged = map(job.get(field), "/job/" + field);
            map.forEach((key, one) -> {
                if (one == null) {
                    merged.remove(String.valueOf(key));
                } else {
                    merged.put(String.valueOf(key), one);
                }
            });
            job.put(field, merged);
        } else {
            job.put(field, value);
        }
    }

    /** By name: those that are said now in the place of those that were. */
    private static Object variables(@Nullable Object before, Object now) {
        if (!(before instanceof List<?> old) || !(now instanceof List<?> list)) {
            return now;
        }
        Map<Object, Object> byName = new LinkedHashMap<>();
        List<Object> others = new ArrayList<>();
        for (Object variable : old) {
            byName.put(name(variable), variable);
        }
        for (Object variable : list) {
            if (name(variable).equals("")) {
                others.add(variable);
            } else {
                byName.put(name(variable), variable);
            }
        }
        others.addAll(0, byName.values());
        return others;
    }

    private static Object name(@Nullable Object variable) {
        Object name = variable instanceof Map<?, ?> map ? map.get("name") : null;
        return name == null ? "" : name;
    }

    private static Map<String, @Nullable Object> map(@Nullable Object tree, String pointer) {
        if (tree == null) {
            return new LinkedHashMap<>();
        }
        if (!(tree instanceof Map<?, ?> map)) {
            throw wrong(pointer, "must be an object");
        }
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        map.forEach((key, value) -> out.put(String.valueOf(key), value));
        return out;
    }

    private static ProblemException wrong(String pointer, String message) {
        return ProblemException.invalid(List.of(new FieldError(pointer, message)));
    }
}
