package io.windlass.standalone.localcluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The whole of it, in this JVM. Its identity stays between runs; its objects do not, as its
 * processes do not.
 */
public final class LocalCluster implements AutoCloseable {
    private static final int MOST_PODS = 64;

    private final ApiServer server;
    private final JobController controller;
    private final LocalNode node;
    private final Path kubeconfig;

    private LocalCluster(
            ApiServer server, JobController controller, LocalNode node, Path kubeconfig) {
        this.server = server;
        this.controller = controller;
        this.node = node;
        this.kubeconfig = kubeconfig;
    }

    public static LocalCluster start(Path data, List<String> namespaces) throws IOException {
        Files.createDirectories(data);
        // of pods that were killed with the JVM that ran them
        Directories.delete(data.resolve("pods"));
        ObjectStore store = new ObjectStore();
        namespace(store, "kube-system", identity(data));
        namespace(store, "default", UUID.randomUUID().toString());
        namespaces.stream()
                .filter(name -> store.find(Kind.NAMESPACE, "", name).isEmpty())
                .forEach(name -> namespace(store, name, UUID.randomUUID().toString()));
        JobController controller = new JobController(store, JobController::randomSuffix);
        LocalNode node = new LocalNode(store, data, MOST_PODS);
        byte[] secret = new byte[24];
        new SecureRandom().nextBytes(secret);
        String token = HexFormat.of().formatHex(secret);
        ApiServer server =
                new ApiServer(
                        new Resources(store),
                        new WatchStreams(store, WatchStreams.BOOKMARKS),
                        new LogStreams(store, data),
                        token);
        Path kubeconfig = writeKubeconfig(data, server.port(), token);
        return new LocalCluster(server, controller, node, kubeconfig);
    }

    private static String identity(Path data) throws IOException {
        Path file = data.resolve("identity");
        if (!Files.exists(file)) {
            Files.writeString(file, UUID.randomUUID().toString());
        }
        return Files.readString(file).strip();
    }

    private static void namespace(ObjectStore store, String name, String uid) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("apiVersion", "v1");
        tree.put("kind", "Namespace");
        tree.put("metadata", ObjectStore.metadata("", name));
        tree.put("status", Map.of("phase", "Active"));
        store.create(new Stored(Kind.NAMESPACE, tree), uid);
    }

    private static Path writeKubeconfig(Path data, int port, String token) throws IOException {
        Path file = data.resolve("kubeconfig");
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                file,
                """
                apiVersion: v1
                kind: Config
                clusters:
                - name: windlass-local
                  cluster: {server: "http://127.0.0.1:%d"}
                users:
                - name: windlass-local
                  user: {token: "%s"}
                contexts:
                - name: windlass-local
                  context: {cluster: windlass-local, user: windlass-local, namespace: default}
                current-context: windlass-local
                """
                        .formatted(port, token));
        return file;
    }

    public Path kubeconfig() {
        return kubeconfig;
    }

    @Override
    public void close() {
        controller.close();
        node.close();
        server.close();
    }
}
