package io.windlass.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.windlass.standalone.localcluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalClusterTest extends ClusterConformance {
    @TempDir static Path data;
    private static LocalCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        cluster = LocalCluster.start(data, List.of());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void shouldReportTheRoomOfThisMachine() {
        try (KubernetesClient client = connect()) {
            Map<String, Quantity> room =
                    client.nodes().withName("local").get().getStatus().getAllocatable();
            assertThat(room).containsOnlyKeys("cpu", "memory", "ephemeral-storage", "pods");
            assertThat(room.values()).allMatch(amount -> amount.getNumericalAmount().signum() > 0);
        }
    }

    @Override
    KubernetesClient connect() {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(cluster.kubeconfig().toFile()))
                .build();
    }
}
