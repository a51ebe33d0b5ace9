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
    private Yaml() {}

    /** All documents of a file that are not empty. */
    static List<Object> documents(Path file) throws Refusal {
        try {
            String text = Files.readString(file);
            Load load = new Load(LoadSettings.builder().setLabel(file.toString()).build());
            List<Object> documents = new ArrayList<>();
            for (Object document : load.loadAllFromString(text)) {
                if (document != null) {
                    documents.add(tree(document));
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

    /** With texts for keys, as JSON has them. */
    private static Object tree(Object node) {
        return switch (node) {
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> out = new LinkedHashMap<>();
                map.forEach((key, value) ->
                        out.put(String.valueOf(key), value == null ? null : tree(value)));
                yield out;
            }
            case List<?> list -> {
                List<@Nullable Object> out = new ArrayList<>();
                list.forEach(item -> out.add(item == null ? null : tree(item)));
                yield out;
            }
            default -> node;
        };
    }
}
