package io.windlass.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The jars of others that Windlass is shipped with: what the build wrote down as class paths. */
record BundledJars(Map<Path, Set<String>> shippedIn) {
    private static final Map<String, String> OF_MODULES =
            Map.of("cli", "command line", "standalone", "`windlass up`");

    /** Each module that has an image, the command line, and what {@code windlass up} starts. */
    static List<String> modules(Path root) throws IOException {
        List<String> modules = new ArrayList<>();
        try (Stream<Path> folders = Files.list(root)) {
            for (Path folder : folders.sorted().toList()) {
                Path pom = folder.resolve("pom.xml");
                if (Files.exists(pom)
                        && (OF_MODULES.containsKey(folder.getFileName().toString())
                                || Files.readString(pom).contains("<jib.skip>false</jib.skip>"))) {
                    modules.add(folder.getFileName().toString());
                }
            }
        }
        return modules;
    }

    static Path classPath(Path root, String module) {
        return root.resolve(module).resolve("target/classpath.txt");
    }

    static BundledJars of(Path root) throws IOException {
        Map<Path, Set<String>> shippedIn = new TreeMap<>();
        for (String module : modules(root)) {
            for (String entry : Files.readString(classPath(root, module)).strip().split(":")) {
                Path jar = Path.of(entry);
                if (Files.exists(MavenLicences.pom(jar))) {
                    shippedIn
                            .computeIfAbsent(jar, j -> new TreeSet<>())
                            .add(OF_MODULES.getOrDefault(module, "images"));
                } else if (!jar.startsWith(root)) {
                    throw new IllegalStateException("no pom lies beside " + jar);
                }
            }
        }
        return new BundledJars(shippedIn);
    }

    /** A row for each jar, in the order of their names. */
    String table() {
        Set<String> rows = new TreeSet<>();
        shippedIn.forEach((jar, where) -> {
            String name = MavenLicences.coordinates(jar);
            rows.add(
                    "| `%s` | %s | %s |"
                            .formatted(
                                    name,
                                    licence(jar, name),
                                    where.stream().collect(Collectors.joining(", "))));
        });
        return "| jar | licence | shipped in |\n| --- | --- | --- |\n"
                + String.join("\n", rows)
                + "\n";
    }

    private static String licence(Path jar, String name) {
        List<String> licences = MavenLicences.of(jar);
        if (licences.isEmpty()) {
            throw new IllegalStateException(name + " names no licence");
        }
        return licences.stream()
                .map(text -> KnownLicences.identifier(name, text))
                .distinct()
                .collect(Collectors.joining(" OR "));
    }
}
