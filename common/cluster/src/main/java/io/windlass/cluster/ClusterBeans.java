package io.windlass.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.windlass.messages.Installation;
import jakarta.inject.Singleton;
import java.io.File;
import org.jspecify.annotations.Nullable;

/**
 * The client, made once. It retries nothing by itself: what did not work is found again from the
 * database.
 */
@Factory
final class ClusterBeans {
    private static final int REQUEST_TIMEOUT_MILLIS = 10_000;

    @Singleton
    @Bean(preDestroy = "close")
    KubernetesClient client(ClusterSettings settings) {
        Config config =
                new ConfigBuilder(base(settings))
                        .withRequestRetryBackoffLimit(0)
                        .withRequestTimeout(REQUEST_TIMEOUT_MILLIS)
                        .withConnectionTimeout(5_000)
                        .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    @Singleton
    Cluster cluster(
            KubernetesClient client,
            ClusterSettings settings,
            Installation installation,
            @Nullable Room room) {
        return new KubernetesCluster(
                client,
                installation.id(),
                settings.watchedNamespaces(),
                room == null ? Room.ENDLESS : room);
    }

    private static Config base(ClusterSettings settings) {
        if (settings.kubeconfig() != null) {
            File file = new File(settings.kubeconfig());
            if (!file.canRead()) {
                throw new IllegalStateException(
                        "windlass.cluster.kubeconfig cannot be read: " + file);
            }
            return settings.context() == null
                    ? Config.fromKubeconfig(file)
                    : Config.fromKubeconfig(settings.context(), file);
        }
        if (settings.context() != null) {
            return Config.fromKubeconfig(
                    settings.context(),
                    KubeconfigFiles.with(settings.context(), Config.getKubeconfigFilenames()));
        }
        if (System.getenv("KUBERNETES_SERVICE_HOST") == null) {
            throw new IllegalStateException(
                    "set windlass.cluster.kubeconfig (WINDLASS_CLUSTER_KUBECONFIG) or windlass.cluster.context: this is no pod of a cluster,"
                            + " and nobody's current context is taken without being told to");
        }
        return Config.autoConfigure(null);
    }
}
