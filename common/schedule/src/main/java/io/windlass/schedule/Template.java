package io.windlass.schedule;

import io.windlass.job.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A schedule with holes: a parameter's name in braces after a dollar sign. Within a text it is
 * filled with the parameter's text; where it is the whole text, with its value as it is, a number
 * or a list. With two dollar signs it stands for itself.
 */
record Template(String name, List<Parameter> parameters, Map<String, @Nullable Object> schedule) {
    private static final Set<String> FIELDS =
            Set.of("name", "parameters", "schedule", "description");
    private static final Pattern HOLE = Pattern.compile("\\$(\\$\\{|\\{([^}]*)\\})");

    static @Nullable Template read(Fields in) {
        in.onlyKnown(FIELDS);
        String name = in.name("name", "");
        if (!in.has("name")) {
            in.error("name", "is required");
        }
        List<Parameter> parameters = in.objects("parameters", Parameter::read);
        Fields schedule = in.object("schedule");
        if (schedule == null) {
            in.error("schedule", "is required: what each instance becomes");
            return null;
        }
        Template template = new Template(name, parameters, schedule.tree());
        Set<String> known = parameters.stream().map(Parameter::name).collect(Collectors.toSet());
        if (known.size() < parameters.size()) {
            in.error("parameters", "must have different names");
        }
        holes(
                template.schedule,
                hole -> {
                    if (!known.contains(hole)) {
                        in.error("schedule", "has ${" + hole + "}, and no such parameter");
                    }
                });
        return template;
    }

    private interface Found {
        void hole(String name);
    }

    private static void holes(@Nullable Object tree, Found found) {
        switch (tree) {
            case String text -> {
                Matcher hole = HOLE.matcher(text);
                while (hole.find()) {
                    if (hole.group(2) != null) {
                        found.hole(hole.group(2));
                    }
                }
            }
            case Map<?, ?> map -> map.values().forEach(value -> holes(value, found));
            case List<?> list -> list.forEach(item -> holes(item, found));
            case null, default -> {}
        }
    }

    /** With what an instance says; what is wrong with that is told of the instance. */
    Map<String, @Nullable Object> filled(Fields with, Expansion expansion) {
        with.onlyKnown(parameters.stream().map(Parameter::name).collect(Collectors.toSet()));
        Map<String, @Nullable Object> said = with.tree();
        Map<String, Object> values = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
            Object value = said.get(parameter.name());
            if (value == null) {
                value = parameter.otherwise();
            } else {
                parameter.objection(value).ifPresent(o -> with.error(parameter.name(), o));
            }
            if (value == null) {
                with.error(parameter.name(), "is required");
            } else {
                values.put(parameter.name(), value);
            }
        }
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        schedule.forEach((key, value) -> out.put(key, filled(value, values, expansion)));
        return out;
    }

    private static @Nullable Object filled(
            @Nullable Object tree, Map<String, Object> values, Expansion expansion) {
        expansion.node();
        return switch (tree) {
            case String text -> filled(text, values, expansion);
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> out = new LinkedHashMap<>();
                map.forEach((key, value) -> {
                    expansion.text(String.valueOf(key).length());
                    out.put(String.valueOf(key), filled(value, values, expansion));
                });
                yield out;
            }
            case List<?> list ->
                    list.stream().map(item -> filled(item, values, expansion)).toList();
            case null -> null;
            default -> tree;
        };
    }

    private static Object filled(String text, Map<String, Object> values, Expansion expansion) {
        Matcher hole = HOLE.matcher(text);
        if (hole.matches() && hole.group(2) != null) {
            Object value = values.getOrDefault(hole.group(2), text);
            count(value, expansion);
            return value;
        }
        StringBuilder out = new StringBuilder();
        int end = 0;
        hole.reset();
        while (hole.find()) {
            String name = hole.group(2);
            append(out, text.substring(end, hole.start()), expansion);
            append(
                    out,
                    name == null ? "${" : text(values.getOrDefault(name, hole.group())),
                    expansion);
            end = hole.end();
        }
        append(out, text.substring(end), expansion);
        return out.toString();
    }

    private static void append(StringBuilder out, String text, Expansion expansion) {
        expansion.text(text.length());
        out.append(text);
    }

    private static void count(Object value, Expansion expansion) {
        if (value instanceof List<?> list) {
            list.forEach(item -> count(item, expansion));
        } else {
            expansion.node();
            expansion.text(String.valueOf(value).length());
        }
    }

    private static String text(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(value);
    }
}
