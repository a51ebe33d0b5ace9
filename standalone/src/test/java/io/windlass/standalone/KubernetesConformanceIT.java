package io.windlass.standalone;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.windlass.testing.TestCluster;
import org.junit.jupiter.api.condition.EnabledIf;

/** The same on a real cluster, so that the promise is Kubernetes' own. */
@EnabledIf("available")
class KubernetesConformanceIT extends ClusterConformance {
    static boolean available() {
        return TestCluster.available();
    }

    @Override
    KubernetesClient connect() {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(TestCluster.kubeconfig().orElseThrow().toFile()))
                .build();
    }
}
