package io.windlass.simulator;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.windlass.cluster.Cluster;
import io.windlass.cluster.KubernetesCluster;
import io.windlass.job.JobId;
import io.windlass.testing.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@EnabledIf("available")
@Execution(ExecutionMode.CONCURRENT)
class KubernetesClusterIT extends ClusterPortConformance {
    private static final String OURS = "windlass.io/";
    private KubernetesClient client;
    private String namespace;

    static boolean available() {
        return TestCluster.available();
    }

    @BeforeEach
    void open() {
        client =
                new KubernetesClientBuilder()
                        .withConfig(
                                Config.fromKubeconfig(
                                        TestCluster.kubeconfig().orElseThrow().toFile()))
                        .build();
        namespace = "port-" + UUID.randomUUID().toString().substring(0, 8);
        client.namespaces()
                .resource(
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(namespace)
                                .endMetadata()
                                .build())
                .create();
    }

    @AfterEach
    void close() {
        try (KubernetesClient _ = client) {
            client.namespaces().withName(namespace).delete();
        }
    }

    @Override
    Cluster cluster() {
        return new KubernetesCluster(client, INSTALLATION, List.of());
    }

    @Override
    String namespace() {
        return namespace;
    }

    @Override
    int podsOf(JobId id, UUID other) {
        return client.pods()
                .inNamespace(namespace)
                .withLabel("windlass.io/installation", other.toString())
                .withLabel("windlass.io/job-id", id.toString())
                .list()
                .getItems()
                .size();
    }

    @Override
    void takeOurLabelsOff(String name) {
        client.batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withName(name)
                .edit(job -> {
                    job.getMetadata().getLabels().keySet().removeIf(key -> key.startsWith(OURS));
                    job.getMetadata()
                            .getAnnotations()
                            .keySet()
                            .removeIf(key -> key.startsWith(OURS));
                    return job;
                });
    }

    @Override
    void await(BooleanSupplier condition) {
        Awaitility.await().atMost(Duration.ofSeconds(90)).until(condition::getAsBoolean);
    }
}
