package io.windlass.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The images of one version of Windlass, by digest: a node keeps what a tag once meant. */
public record Images(Map<String, String> byModule) {
    public static final List<String> MODULES =
            List.of(
                    "migrations",
                    "web-server",
                    "messages-processor",
                    "job-status-processor",
                    "pod-events-processor",
                    "schedules-processor",
                    "cluster-gateway",
                    "pod-scheduler");

    private static final Path ROOT = Path.of(System.getProperty("windlass.root", ".."));

    /** Where {@code ./mvnw verify} pushes them, and what they are made on. */
    public static String registry() {
        return System.getenv("WINDLASS_TEST_REGISTRY");
    }

    /** Those that this build has pushed. */
    public static Images ofThisBuild() throws IOException {
        return in(ROOT);
    }

    /** Those of another commit, built and pushed now. */
    public static Images of(String commit, Path tree) throws IOException, InterruptedException {
        Commands.run(
                ROOT,
                Map.of(),
                List.of("git", "worktree", "add", "--detach", "-f", tree + "", commit));
        try {
            List<String> build = new ArrayList<>();
            build.addAll(List.of("./mvnw", "-B", "-q", "-DskipTests", "-Dspotless.check.skip"));
            build.addAll(List.of("package", "com.google.cloud.tools:jib-maven-plugin:3.5.2:build"));
            build.addAll(List.of("-pl", String.join(",", modules(tree)), "-am"));
            build.add("-Dwindlass.image.base=" + registry() + "/library/eclipse-temurin:25-jre");
            build.add("-Dwindlass.image.prefix=" + registry() + "/windlass/");
            build.add("-Djib.allowInsecureRegistries=true");
            Commands.run(tree, Map.of(), build);
            return in(tree);
        } finally {
            Commands.run(ROOT, Map.of(), List.of("git", "worktree", "remove", "-f", tree + ""));
        }
    }

    /** An earlier version may have had fewer. */
    private static List<String> modules(Path tree) {
        return MODULES.stream()
                .filter(module -> Files.exists(tree.resolve(module).resolve("pom.xml")))
                .toList();
    }

    private static Images in(Path tree) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        for (String module : modules(tree)) {
            Path digest = tree.resolve(module).resolve("target/jib-image.digest");
            digests.put(module, Files.readString(digest).strip());
        }
        return new Images(digests);
    }

    /** As a pod names it. */
    public String of(String module) {
        return "windlass/" + module + "@" + byModule.get(module);
    }

    /** As {@code skaffold} does it: the name stays, what it means is fixed. */
    public String in(String manifests) {
        String out = manifests;
        for (String module : byModule.keySet()) {
            out = out.replace("windlass/" + module + ":dev", of(module));
        }
        return out;
    }
}
