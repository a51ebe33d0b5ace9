package io.windlass.podscheduler.choose;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where pods of a name belong.
 *
 * @param pods with {@code *} for any letters and {@code ?} for one
 * @param namespace likewise; none means any
 * @param node its name; {@value #ORDINAL} in it, or in values of the selector, stands for the
 *     number at the end of the pod's name
 */
public record Rule(
        String pods,
        @Nullable String namespace,
        @Nullable String node,
        Map<String, String> nodeSelector) {
    static final String ORDINAL = "{ordinal}";
    private static final Pattern NUMBERED = Pattern.compile(".*-(\\d+)");

    /** The rule for just this pod; empty where it is for others. */
    Optional<Rule> appliedTo(PodView pod) {
        if (!matches(pods, pod.name())
                || (namespace != null && !matches(namespace, pod.namespace()))) {
            return Optional.empty();
        }
        if (!asksForOrdinal()) {
            return Optional.of(this);
        }
        Matcher numbered = NUMBERED.matcher(pod.name());
        return numbered.matches() ? Optional.of(withOrdinal(numbered.group(1))) : Optional.empty();
    }

    private boolean asksForOrdinal() {
        return (node != null && node.contains(ORDINAL))
                || nodeSelector.values().stream().anyMatch(value -> value.contains(ORDINAL));
    }

    private Rule withOrdinal(String ordinal) {
        Map<String, String> selector = new HashMap<>(nodeSelector);
        selector.replaceAll((key, value) -> value.replace(ORDINAL, ordinal));
        return new Rule(
                pods, namespace, node == null ? null : node.replace(ORDINAL, ordinal), selector);
    }

    boolean names(Place place) {
        return node == null
                ? place.node().labels().entrySet().containsAll(nodeSelector.entrySet())
                : node.equals(place.name());
    }

    private static boolean matches(String glob, String text) {
        String pattern =
                glob.chars()
                        .mapToObj(c ->
                                switch (c) {
                                    case '*' -> ".*";
                                    case '?' -> ".";
                                    default -> Pattern.quote(Character.toString(c));
                                })
                        .collect(Collectors.joining());
        return text.matches(pattern);
    }
}
