package io.windlass.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.windlass.json.Json;
import io.windlass.json.JsonSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Files of YAML, or of JSON, which is YAML too, as trees; and back. */
final class Yaml {
    private static final int MOST_NODES = 1_000_000;
    private static final int DEEPEST = 64;
    private static final int MOST_BYTES = 16 << 20;
    private static final int MOST_ALIASES = 1_000;

    private Yaml() {}

    /** All documents of a file that are not empty. */
    static List<Object> documents(Path file) throws Refusal {
        try (InputStream in = Files.newInputStream(file)) {
            return documents(in, file.toString());
        } catch (IOException e) {
            throw new Refusal(file + " cannot be read: " + Why.ofFile(e));
        }
    }

    /**
     * The same of what comes in.
     *
     * @param name of it, for people
     */
    static List<Object> documents(InputStream in, String name) throws Refusal {
        String text = text(in, name);
        List<Object> json = json(text, name);
        if (json != null) {
            return json;
        }
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(name)
                        .setCodePointLimit(MOST_BYTES)
                        .setMaxAliasesForCollections(MOST_ALIASES)
                        .build();
        try {
            refuseDepth(new Parse(settings).parseString(text), name);
            List<Object> documents = new ArrayList<>();
            Expansion expansion = new Expansion(name);
            for (Object document : new Load(settings).loadAllFromString(text)) {
                if (document != null) {
                    documents.add(expansion.tree(document, 1));
                }
            }
            return documents;
        } catch (YamlEngineException e) {
            throw new Refusal(
                    name + ": " + String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " "));
        }
    }

    /** Null where it is none: YAML may begin alike. Numbers keep all their digits. */
    private static @Nullable List<Object> json(String text, String name) throws Refusal {
        if (!text.stripLeading().startsWith("{") && !text.stripLeading().startsWith("[")) {
            return null;
        }
        try {
            Object tree = Json.parse(text);
            return tree == null ? null : List.of(new Expansion(name).tree(tree, 1));
        } catch (JsonSyntaxException e) {
            if (name.endsWith(".json")) {
                throw new Refusal(name + ": " + e.getMessage());
            }
            return null;
        }
    }

    private static String text(InputStream in, String name) throws Refusal {
        try {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new Refusal(name + " is longer than " + (MOST_BYTES >> 20) + " MiB");
            }
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (IOException e) {
            throw new Refusal(name + " cannot be read: " + Why.ofFile(e));
        }
    }

    /** Before anything is made of it: that goes as deep as it does. */
    private static void refuseDepth(Iterable<Event> events, String name) throws Refusal {
        int depth = 0;
        for (Event event : events) {
            if (event instanceof CollectionStartEvent) {
                depth++;
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
            if (depth > DEEPEST) {
                throw new Refusal(name + " has more than " + DEEPEST + " levels");
            }
        }
    }

    static String text(@Nullable Object tree) {
        String text = dump(tree, true);
        return Visible.isIn(text) ? dump(tree, false) : text;
    }

    /** With or without the characters that are not ASCII as they are. */
    private static String dump(@Nullable Object tree, boolean unicode) {
        DumpSettings settings =
                DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        .setUseUnicodeEncoding(unicode)
                        .build();
        return new Dump(settings).dumpToString(tree);
    }

    /** Counts what aliases expand to: a few lines may mean millions of values. */
    private static final class Expansion {
        private final String name;
        private int nodes;

        private Expansion(String name) {
            this.name = name;
        }

        /** With texts for keys, as JSON has them. */
        private Object tree(Object node, int depth) throws Refusal {
            nodes++;
            if (nodes > MOST_NODES || depth > DEEPEST) {
                throw new Refusal(
                        "%s has more than %d values, or %d levels, once its aliases are expanded"
                                .formatted(name, MOST_NODES, DEEPEST));
            }
            if (node instanceof Map<?, ?> map) {
                Map<String, @Nullable Object> out = new LinkedHashMap<>();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    Object value = entry.getValue();
                    out.put(
                            String.valueOf(entry.getKey()),
                            value == null ? null : tree(value, depth + 1));
                }
                return out;
            }
            if (node instanceof List<?> list) {
                List<@Nullable Object> out = new ArrayList<>();
                for (Object item : list) {
                    out.add(item == null ? null : tree(item, depth + 1));
                }
                return out;
            }
            boolean finite = !(node instanceof Double number) || Double.isFinite(number);
            if (node instanceof String || node instanceof Boolean) {
                return node;
            }
            if (node instanceof Number && finite) {
                return node;
            }
            throw new Refusal(name + " has a value that is no text, number, true or false");
        }
    }
}
