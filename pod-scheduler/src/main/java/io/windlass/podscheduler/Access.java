package io.windlass.podscheduler;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way to the API server: by a kubeconfig, or with what a pod is given.
 *
 * @param namespace where its Lease is, if nothing else is said
 */
record Access(Config config, String namespace) {
    private static final String TOKEN = "token";

    static Access of(@Nullable String kubeconfig, Path inCluster, Map<String, String> env) {
        if (kubeconfig != null && !kubeconfig.isBlank()) {
            Path file = Path.of(kubeconfig);
            if (!Files.isReadable(file)) {
                throw new IllegalArgumentException("the kubeconfig cannot be read: " + file);
            }
            Config config = Config.fromKubeconfig(file.toFile());
            return new Access(config, Optional.ofNullable(config.getNamespace()).orElse("default"));
        }
        String host = env.get("KUBERNETES_SERVICE_HOST");
        if (host == null || !Files.isReadable(inCluster.resolve(TOKEN))) {
            throw new IllegalArgumentException(
                    "set KUBECONFIG: this is no pod of a cluster ("
                            + inCluster.resolve(TOKEN)
                            + " is not there)");
        }
        String address = host.contains(":") ? "[" + host + "]" : host;
        Config config =
                new ConfigBuilder(Config.empty())
                        .withMasterUrl(
                                "https://"
                                        + address
                                        + ":"
                                        + env.getOrDefault("KUBERNETES_SERVICE_PORT", "443"))
                        .withCaCertFile(inCluster.resolve("ca.crt").toString())
                        // read each time: the kubelet writes a new one every hour
                        .withOauthTokenProvider(() -> read(inCluster.resolve(TOKEN)))
                        .build();
        return new Access(config, read(inCluster.resolve("namespace")));
    }

    /** It retries nothing by itself, and waits for no answer longer than this. */
    KubernetesClient client(Duration timeout) {
        Config limited =
                new ConfigBuilder(config)
                        .withRequestRetryBackoffLimit(0)
                        .withRequestTimeout((int) timeout.toMillis())
                        .withConnectionTimeout(5_000)
                        .build();
        return new KubernetesClientBuilder().withConfig(limited).build();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
