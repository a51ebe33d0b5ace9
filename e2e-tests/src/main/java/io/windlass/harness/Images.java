package io.windlass.harness;

import io.windlass.harness.Registry.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        Map<String, String> digests = new TreeMap<>();
        for (String module : MODULES) {
            Path digest = ROOT.resolve(module).resolve("target/jib-image.digest");
            digests.put(module, Files.readString(digest).strip());
        }
        return new Images(digests);
    }

    /** Those of another commit, by its full id: built once, and kept. */
    public static Images ofCommit(String commit) throws IOException, InterruptedException {
        KeptImages kept = new KeptImages(new Registry(registry()), folder(), commit);
        List<String> modules = modulesOf(commit);
        Optional<Map<String, String>> found = kept.find(modules);
        if (found.isEmpty()) {
            build(commit, modules);
            kept.keep(modules);
            found = kept.find(modules);
        }
        return new Images(
                found.orElseThrow(() ->
                        new IOException("the images of " + commit + " do not say that they are")));
    }

    private static Path folder() {
        String tools = System.getenv("WINDLASS_TOOLS");
        return (tools == null
                        ? Path.of(System.getProperty("user.home"), ".cache", "windlass-tools")
                        : Path.of(tools))
                .resolve("images");
    }

    /** An earlier version may have had fewer. */
    private static List<String> modulesOf(String commit) throws IOException, InterruptedException {
        List<String> names = git("ls-tree", "--name-only", commit).lines().toList();
        return MODULES.stream().filter(names::contains).toList();
    }

    /** Without tests and checks: it passed them when it landed. */
    private static void build(String commit, List<String> modules)
            throws IOException, InterruptedException {
        Path tree = Files.createTempDirectory("windlass-earlier").resolve("tree");
        git("worktree", "add", "--detach", "-f", tree.toString(), commit);
        try {
            Path pom = tree.resolve("pom.xml");
            // an earlier one names the plugin where a later one has windlass.errorprone
            Files.writeString(
                    pom,
                    Files.readString(pom)
                            .replaceAll(
                                    "<arg>-Xplugin:ErrorProne[^<]*</arg>",
                                    "<arg>-Xdiags:compact</arg>"));
            Commands.run(
                    tree,
                    Map.of(),
                    List.of(
                            // with it `package` would push to the tags of this build
                            "env",
                            "-u",
                            "WINDLASS_TEST_REGISTRY",
                            "./mvnw",
                            "-B",
                            "-q",
                            "-T2",
                            "-Dmaven.test.skip=true",
                            "-Dspotless.check.skip",
                            "-Dwindlass.werror=-Xdiags:compact",
                            "-Dwindlass.errorprone=-Xdiags:compact",
                            "-Dwindlass.image.base="
                                    + registry()
                                    + "/library/eclipse-temurin:25-jre",
                            "-Dwindlass.image.prefix=" + registry() + "/windlass/",
                            "-Dwindlass.image.tag=" + commit,
                            "-Djib.container.labels=" + KeptImages.REVISION + "=" + commit,
                            "-Djib.allowInsecureRegistries=true",
                            "-pl",
                            String.join(",", modules),
                            "-am",
                            "package",
                            "com.google.cloud.tools:jib-maven-plugin:3.5.2:build"));
        } finally {
            git("worktree", "remove", "-f", tree.toString());
        }
    }

    private static String git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(arguments));
        command.addFirst("git");
        return Commands.run(ROOT, Map.of(), command);
    }

    /** The commit of each module's image, as the image in the registry says. */
    public Map<String, String> revisions() throws IOException, InterruptedException {
        return revisions(new Registry(registry()));
    }

    Map<String, String> revisions(Registry registry) throws IOException, InterruptedException {
        Map<String, String> revisions = new TreeMap<>();
        for (String module : byModule.keySet()) {
            String repository = KeptImages.repository(module);
            Manifest manifest =
                    registry.manifest(repository, byModule.get(module))
                            .orElseThrow(() -> new IOException("no image of " + module));
            Object revision = registry.labels(repository, manifest).get(KeptImages.REVISION);
            revisions.put(module, String.valueOf(revision));
        }
        return revisions;
    }

    /** A name for all of them that no node knows yet: a node keeps what a tag once meant. */
    public void tag(String tag) throws IOException, InterruptedException {
        Registry registry = new Registry(registry());
        for (Map.Entry<String, String> image : byModule.entrySet()) {
            String repository = KeptImages.repository(image.getKey());
            Manifest manifest =
                    registry.manifest(repository, image.getValue())
                            .orElseThrow(() -> new IOException("no image of " + image.getKey()));
            registry.tag(repository, tag, manifest);
        }
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
