package io.windlass.harness;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.windlass.testing.LeftOut;
import io.windlass.testing.TestCluster;
import java.nio.file.Path;

/** The nodes that kwok plays, labelled {@code type=kwok}: most jobs of most tests run there. */
public final class SimulatedNodes {
    private SimulatedNodes() {}

    /** For {@code @EnabledIf}: whether there is a cluster, and it has such nodes. */
    public static boolean available() {
        return TestCluster.available()
                && LeftOut.unless(
                        TestCluster.kubeconfig().filter(SimulatedNodes::areIn).isPresent(),
                        "simulated nodes (the cluster has no node labelled type=kwok)");
    }

    private static boolean areIn(Path kubeconfig) {
        try (KubernetesClient client =
                new KubernetesClientBuilder()
                        .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                        .build()) {
            return !client.nodes().withLabel("type", "kwok").list().getItems().isEmpty();
        }
    }
}
