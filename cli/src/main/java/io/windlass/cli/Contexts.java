package io.windlass.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Servers that are known by a name, in a file; one of them is the one that is meant. */
final class Contexts {
    /**
     * A server.
     *
     * @param authHeader a file with the Authorization header: tokens are not kept here
     */
    record Context(String server, @Nullable String authHeader) {}

    private final Path file;
    private final Map<String, Context> known = new TreeMap<>();
    private @Nullable String current;

    private Contexts(Path file) {
        this.file = file;
    }

    static Path usualFile(Map<String, String> environment) {
        String said = environment.get("WINDLASS_CONFIG");
        if (said != null && !said.isBlank()) {
            return Path.of(said);
        }
        String config = environment.get("XDG_CONFIG_HOME");
        return (config == null || config.isBlank()
                        ? Path.of(environment.getOrDefault("HOME", "."), ".config")
                        : Path.of(config))
                .resolve("windlass/contexts.yaml");
    }

    /** None at all where there is no such file. */
    static Contexts read(Path file) throws Refusal {
        Contexts contexts = new Contexts(file);
        if (!Files.exists(file)) {
            return contexts;
        }
        List<Object> documents = Yaml.documents(file);
        if (documents.isEmpty()) {
            return contexts;
        }
        if (!(documents.getFirst() instanceof Map<?, ?> tree)
                || !(tree.get("contexts") instanceof Map<?, ?> named)) {
            throw new Refusal(file + ": a mapping 'contexts' is missing");
        }
        for (Map.Entry<?, ?> entry : named.entrySet()) {
            if (!(entry.getValue() instanceof Map<?, ?> context)
                    || !(context.get("server") instanceof String server)) {
                throw new Refusal(file + ": context " + entry.getKey() + " has no 'server'");
            }
            contexts.known.put(
                    String.valueOf(entry.getKey()),
                    new Context(
                            server,
                            context.get("authHeader") == null
                                    ? null
                                    : String.valueOf(context.get("authHeader"))));
        }
        contexts.current = tree.get("current") == null ? null : String.valueOf(tree.get("current"));
        return contexts;
    }

    Map<String, Context> known() {
        return known;
    }

    @Nullable String current() {
        return current;
    }

    /** The one of that name, or the current one; none where there is no current one. */
    @Nullable Context chosen(@Nullable String name) throws Refusal {
        String wanted = name == null ? current : name;
        if (wanted == null) {
            return null;
        }
        Context context = known.get(wanted);
        if (context == null) {
            throw new Refusal(
                    "no context " + wanted + " in " + file + "; there are: " + known.keySet());
        }
        return context;
    }

    void put(String name, Context context) {
        known.put(name, context);
        current = current == null ? name : current;
    }

    void use(String name) throws Refusal {
        chosen(name);
        current = name;
    }

    void remove(String name) throws Refusal {
        chosen(name);
        known.remove(name);
        current = Objects.equals(current, name) ? null : current;
    }

    /** For nobody else to read. */
    void write() throws Refusal {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("current", current);
        Map<String, Object> named = new LinkedHashMap<>();
        known.forEach((name, context) -> {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("server", context.server());
            fields.put("authHeader", context.authHeader());
            fields.values().removeIf(Objects::isNull);
            named.put(name, fields);
        });
        tree.put("contexts", named);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path next =
                    Files.createTempFile(
                            file.toAbsolutePath().getParent(),
                            "contexts",
                            ".yaml",
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            Files.writeString(next, Yaml.text(tree));
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new Refusal(file + " cannot be written: " + Why.ofFile(e));
        }
    }
}
