package io.windlass.e2e.neighbour;

import io.windlass.json.Json;
import io.windlass.json.JsonSyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a hostile namespace does again and again, as a file says it. In all texts {@code
 * {namespace}} is the namespace, {@code {i}} the number of the call, and {@code {id:NAME}} the id
 * of the namespace's newest job of that name.
 *
 * @param finding what it tries
 * @param times in each namespace; 0 for as long as it goes on
 * @param every the pace
 * @param atOnce how many clients do so
 * @param expects kinds of answer, such as {@code 422} or {@code 4xx}
 */
record HostileCase(
        String name,
        String finding,
        Deed deed,
        int times,
        Duration every,
        int atOnce,
        List<String> expects) {
    private static final Set<String> OF_ALL =
            Set.of("finding", "times", "everyMillis", "atOnce", "expects");

    /** What is done. */
    sealed interface Deed {
        /** The fields of its own. */
        Set<String> fields();
    }

    /**
     * A call of the API.
     *
     * @param sends the body drips
     * @param reads the answer is read slowly
     */
    record Request(
            String method,
            String path,
            Map<String, String> headers,
            @Nullable HostileBody body,
            @Nullable Drip sends,
            @Nullable Drip reads)
            implements Deed {
        @Override
        public Set<String> fields() {
            return Set.of("method", "path", "headers", "body", "gzip", "sends", "reads");
        }
    }

    /** So many bytes at a time, until so much time has passed. */
    record Drip(int bytes, Duration every, Duration most) {
        static @Nullable Drip of(@Nullable Object tree) {
            if (tree == null) {
                return null;
            }
            Map<String, @Nullable Object> map = Json.asObject(tree);
            known(map, Set.of("bytes", "everyMillis", "forSeconds"));
            return new Drip(
                    HostileBody.number(map.get("bytes")),
                    Duration.ofMillis(HostileBody.number(map.get("everyMillis"))),
                    Duration.ofSeconds(HostileBody.number(map.get("forSeconds"))));
        }
    }

    /** What no call can do any more: it returns the rows that it changed. */
    record Sql(String statement) implements Deed {
        @Override
        public Set<String> fields() {
            return Set.of("sql");
        }
    }

    /** On the cluster's objects of the namespace's jobs. */
    record Annotate(String kind, String ofJobs, String key, HostileBody value) implements Deed {
        @Override
        public Set<String> fields() {
            return Set.of("annotates");
        }
    }

    /** A webhook that is asked for each Job whose name begins so, and never answers. */
    record Hang(String names, int timeoutSeconds) implements Deed {
        @Override
        public Set<String> fields() {
            return Set.of("hangs");
        }
    }

    static HostileCase read(String name, byte[] file) {
        try {
            return of(name, Json.asObject(Json.parse(file)));
        } catch (JsonSyntaxException | IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    private static HostileCase of(String name, Map<String, @Nullable Object> tree) {
        Deed deed = deed(tree);
        Set<String> known = new TreeSet<>(OF_ALL);
        known.addAll(deed.fields());
        known(tree, known);
        return new HostileCase(
                name,
                text(tree, "finding"),
                deed,
                tree.containsKey("times") ? HostileBody.number(tree.get("times")) : 0,
                Duration.ofMillis(HostileBody.number(tree.get("everyMillis"))),
                tree.containsKey("atOnce") ? HostileBody.number(tree.get("atOnce")) : 1,
                texts(tree.get("expects")));
    }

    private static Deed deed(Map<String, @Nullable Object> tree) {
        if (tree.containsKey("sql")) {
            return new Sql(text(tree, "sql"));
        }
        if (tree.containsKey("annotates")) {
            Map<String, @Nullable Object> how = Json.asObject(tree.get("annotates"));
            known(how, Set.of("kind", "ofJobs", "key", "value"));
            return new Annotate(
                    text(how, "kind"),
                    text(how, "ofJobs"),
                    text(how, "key"),
                    HostileBody.of(how.get("value"), false));
        }
        if (tree.containsKey("hangs")) {
            Map<String, @Nullable Object> how = Json.asObject(tree.get("hangs"));
            known(how, Set.of("names", "timeoutSeconds"));
            return new Hang(text(how, "names"), HostileBody.number(how.get("timeoutSeconds")));
        }
        Map<String, String> headers = new LinkedHashMap<>();
        if (tree.get("headers") instanceof Map<?, ?> given) {
            given.forEach((key, value) -> headers.put(key.toString(), value.toString()));
        }
        boolean gzip = Boolean.TRUE.equals(tree.get("gzip"));
        return new Request(
                text(tree, "method"),
                text(tree, "path"),
                headers,
                tree.containsKey("body") ? HostileBody.of(tree.get("body"), gzip) : null,
                Drip.of(tree.get("sends")),
                Drip.of(tree.get("reads")));
    }

    private static void known(Map<String, @Nullable Object> tree, Set<String> fields) {
        Set<String> unknown = new TreeSet<>(tree.keySet());
        unknown.removeAll(fields);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(unknown + " is none of " + new TreeSet<>(fields));
        }
    }

    private static String text(Map<String, @Nullable Object> tree, String field) {
        if (tree.get(field) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(field + " must be a text");
    }

    private static List<String> texts(@Nullable Object tree) {
        if (tree instanceof List<?> list && !list.isEmpty()) {
            return list.stream().map(Object::toString).toList();
        }
        throw new IllegalArgumentException("expects must be a list of kinds of answer");
    }
}
