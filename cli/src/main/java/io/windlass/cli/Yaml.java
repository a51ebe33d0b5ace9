package io.windlass.cli;

import java.io.IOException;
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
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Files of YAML, or of JSON, which is YAML too, as trees; and back. */
final class Yaml {
    private static final int MOST_NODES = 1_000_000;
    private static final int DEEPEST = 64;

    private Yaml() {}

    /** All documents of a file that are not empty. */
    static List<Object> documents(Path file) throws Refusal {
        try {
            String text = Files.readString(file);
            Load load = new Load(LoadSettings.builder().setLabel(file.toString()).build());
            List<Object> documents = new ArrayList<>();
            Expansion expansion = new Expansion(file);
            for (Object document : load.loadAllFromString(text)) {
                if (document != null) {
                    documents.add(expansion.tree(document, 1));
                }
            }
            return documents;
        } catch (IOException e) {
            throw new Refusal(file + " cannot be read: " + e);
        } catch (YamlEngineException e) {
            throw new Refusal(file + ": " + e.getMessage());
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
        private final Path file;
        private int nodes;

        private Expansion(Path file) {
            this.file = file;
        }

        /** With texts for keys, as JSON has them. */
        private Object tree(Object node, int depth) throws Refusal {
            nodes++;
            if (nodes > MOST_NODES || depth > DEEPEST) {
                throw new Refusal(
                        "%s: more than %d values, or %d levels, once its aliases are expanded"
                                .formatted(file, MOST_NODES, DEEPEST));
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
            return node;
        }
    }
}
