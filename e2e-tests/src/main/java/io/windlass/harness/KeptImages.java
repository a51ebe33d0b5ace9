package io.windlass.harness;

import io.windlass.harness.Registry.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The images of one commit, which are built once: they stay in the registry under the commit as
 * their tag, and in a folder for a registry that is new.
 *
 * @param folder a manifest for each module in {@code COMMIT/}, what they consist of in {@code
 *     blobs/}
 */
record KeptImages(Registry registry, Path folder, String commit) {
    static final String REVISION = "org.opencontainers.image.revision";

    /** By module; empty where one is missing, or is of another commit. */
    Optional<Map<String, String>> find(Iterable<String> modules)
            throws IOException, InterruptedException {
        Map<String, String> digests = new TreeMap<>();
        for (String module : modules) {
            Optional<Manifest> manifest = inRegistry(module);
            if (manifest.isEmpty()) {
                push(module);
                manifest = inRegistry(module);
            }
            if (manifest.isEmpty()) {
                return Optional.empty();
            }
            digests.put(module, manifest.get().digest());
        }
        return Optional.of(digests);
    }

    private Optional<Manifest> inRegistry(String module) throws IOException, InterruptedException {
        Optional<Manifest> manifest = registry.manifest(repository(module), commit);
        return manifest.isPresent()
                        && commit.equals(
                                registry.labels(repository(module), manifest.get()).get(REVISION))
                ? manifest
                : Optional.empty();
    }

    private void push(String module) throws IOException, InterruptedException {
        if (!Files.exists(manifestOf(module))) {
            return;
        }
        Manifest manifest = new Manifest(Files.readAllBytes(manifestOf(module)));
        for (String blob : manifest.blobs()) {
            registry.upload(repository(module), blob, fileOf(blob));
        }
        registry.tag(repository(module), commit, manifest);
    }

    /** Those that the registry has now. */
    void keep(Iterable<String> modules) throws IOException, InterruptedException {
        for (String module : modules) {
            Manifest manifest = registry.manifest(repository(module), commit).orElseThrow();
            for (String blob : manifest.blobs()) {
                Path file = fileOf(blob);
                if (!Files.exists(file)) {
                    Files.createDirectories(file.getParent());
                    Path part = Files.createTempFile(file.getParent(), "blob", ".part");
                    registry.download(repository(module), blob, part);
                    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
                }
            }
            // last: whoever finds it finds its blobs
            Files.createDirectories(manifestOf(module).getParent());
            Path part = Files.createTempFile(manifestOf(module).getParent(), module, ".part");
            Files.write(part, manifest.content());
            Files.move(part, manifestOf(module), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    static String repository(String module) {
        return "windlass/" + module;
    }

    private Path manifestOf(String module) {
        return folder.resolve(commit).resolve(module + ".json");
    }

    private Path fileOf(String blob) {
        return folder.resolve("blobs").resolve(blob.substring("sha256:".length()));
    }
}
