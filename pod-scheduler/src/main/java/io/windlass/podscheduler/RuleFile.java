package io.windlass.podscheduler;

import io.windlass.podscheduler.choose.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The file of {@code --rules}, read anew when it has changed. One that is wrong changes nothing.
 */
final class RuleFile {
    private static final Logger LOG = LoggerFactory.getLogger(RuleFile.class);
    private static final Set<String> FIELDS = Set.of("pods", "namespace", "node", "nodeSelector");

    private final Path path;
    private String text;
    private volatile List<Rule> rules;

    private RuleFile(Path path) throws IOException {
        this.path = path;
        this.text = Files.readString(path);
        this.rules = parse(path, text);
    }

    static RuleFile open(Path path) {
        try {
            return new RuleFile(path);
        } catch (IOException e) {
            throw new IllegalArgumentException("--rules cannot be read: " + e, e);
        }
    }

    List<Rule> rules() {
        return rules;
    }

    /** Whether there are other rules now. */
    boolean reload() {
        try {
            String now = Files.readString(path);
            if (now.equals(text)) {
                return false;
            }
            text = now;
            rules = parse(path, now);
            LOG.info("{} has changed: {} rules", path, rules.size());
            return true;
        } catch (IOException | IllegalArgumentException e) {
            LOG.error("the rules stay as they were: {}", e.toString());
            return false;
        }
    }

    /** Throws with what is wrong, and where. */
    static List<Rule> parse(Path path, String text) {
        Object tree;
        try {
            tree =
                    new Load(LoadSettings.builder().setLabel(path.toString()).build())
                            .loadFromString(text);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        if (!(tree instanceof Map<?, ?> map) || !(map.get("rules") instanceof List<?> list)) {
            throw new IllegalArgumentException(path + ": a list 'rules' is missing");
        }
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            rules.add(rule(path + ": rules[" + i + "]", list.get(i)));
        }
        return List.copyOf(rules);
    }

    private static Rule rule(String where, @Nullable Object tree) {
        if (!(tree instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(where + " is no mapping");
        }
        for (Object field : map.keySet()) {
            if (!FIELDS.contains(String.valueOf(field))) {
                throw new IllegalArgumentException(
                        where + ": '" + field + "' is none of pods, namespace, node, nodeSelector");
            }
        }
        String pods = text(where, map, "pods");
        String node = text(where, map, "node");
        Map<String, String> selector = selector(where, map.get("nodeSelector"));
        if (pods == null) {
            throw new IllegalArgumentException(where + ": 'pods' is missing, such as web-*");
        }
        if ((node == null) == selector.isEmpty()) {
            throw new IllegalArgumentException(
                    where + ": one of 'node' and 'nodeSelector' says where they belong");
        }
        return new Rule(pods, text(where, map, "namespace"), node, selector);
    }

    private static @Nullable String text(String where, Map<?, ?> map, String field) {
        return switch (map.get(field)) {
            case null -> null;
            case String text when !text.isBlank() -> text;
            default -> throw new IllegalArgumentException(where + ": '" + field + "' is no text");
        };
    }

    private static Map<String, String> selector(String where, @Nullable Object tree) {
        Map<String, String> selector = new LinkedHashMap<>();
        switch (tree) {
            case null -> {}
            case Map<?, ?> map ->
                    map.forEach((key, value) ->
                            selector.put(String.valueOf(key), String.valueOf(value)));
            default -> throw new IllegalArgumentException(where + ": 'nodeSelector' is no mapping");
        }
        return selector;
    }
}
