package io.windlass.standalone.localcluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Label and field selectors as they stand in a query. */
final class Selector {
    private static final Pattern SET =
            Pattern.compile("\\s*(\\S+)\\s+(in|notin)\\s+\\(([^)]*)\\)\\s*");

    private Selector() {}

    static Predicate<Stored> of(@Nullable String labels, @Nullable String fields) {
        Predicate<Stored> all = object -> true;
        for (String term : terms(labels)) {
            all = all.and(label(term));
        }
        for (String term : terms(fields)) {
            all = all.and(field(term));
        }
        return all;
    }

    /** Split at commas that are outside of parentheses. */
    private static List<String> terms(@Nullable String text) {
        List<String> terms = new ArrayList<>();
        if (text == null || text.isBlank()) {
            return terms;
        }
        int depth = 0;
        StringBuilder term = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                terms.add(term.toString());
                term.setLength(0);
            } else {
                term.append(c);
            }
        }
        terms.add(term.toString());
        return terms;
    }

    private static Predicate<Stored> label(String term) {
        Matcher set = SET.matcher(term);
        if (set.matches()) {
            Set<String> values = Set.of(set.group(3).replace(" ", "").split(",", -1));
            boolean in = set.group(2).equals("in");
            return object -> {
                Object value = object.labels().get(set.group(1));
                return (value != null && values.contains(value.toString())) == in;
            };
        }
        if (term.contains("!=")) {
            String[] parts = term.split("!=", 2);
            return object -> !parts[1].strip().equals(object.labels().get(parts[0].strip()));
        }
        if (term.contains("=")) {
            String[] parts = term.split("==?", 2);
            return object -> parts[1].strip().equals(object.labels().get(parts[0].strip()));
        }
        if (term.startsWith("!")) {
            return object -> !object.labels().containsKey(term.substring(1));
        }
        return object -> object.labels().containsKey(term.strip());
    }

    private static Predicate<Stored> field(String term) {
        boolean not = term.contains("!=");
        String[] parts = term.split(not ? "!=" : "==?", 2);
        if (parts.length != 2) {
            throw new ApiException(400, "BadRequest", "invalid field selector: " + term);
        }
        String[] path = parts[0].strip().split("\\.", -1);
        return object -> {
            Object value = object.at(path);
            return parts[1].strip().equals(value == null ? "" : value.toString()) != not;
        };
    }

    static boolean matches(Map<String, @Nullable Object> labels, Map<String, String> wanted) {
        return wanted.entrySet().stream()
                .allMatch(e -> e.getValue().equals(labels.get(e.getKey())));
    }
}
