package io.windlass.gateway;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.windlass.testing.TestCluster;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;

/** On a real kubelet, through a real API server. */
@EnabledIf("available")
class KubeletLogIT extends KubeletLogConformance {
    private static final String POD = "writer";
    private static KubernetesClient client;
    private static String namespace;
    private static KubeletLogs node;

    static boolean available() {
        return TestCluster.available();
    }

    @BeforeAll
    static void write() {
        client =
                new KubernetesClientBuilder()
                        .withConfig(
                                Config.fromKubeconfig(
                                        TestCluster.kubeconfig().orElseThrow().toFile()))
                        .build();
        namespace = "kubelet-log-" + UUID.randomUUID().toString().substring(0, 8);
        client.namespaces()
                .resource(
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(namespace)
                                .endMetadata()
                                .build())
                .create();
        client.pods()
                .resource(
                        new PodBuilder()
                                .withNewMetadata()
                                .withName(POD)
                                .withNamespace(namespace)
                                .endMetadata()
                                .withNewSpec()
                                .withRestartPolicy("Never")
                                .withAutomountServiceAccountToken(false)
                                .withNodeSelector(Map.of("type", "real"))
                                .withContainers(
                                        container("long", LONG_SCRIPT),
                                        container("mixed", MIXED_SCRIPT))
                                .endSpec()
                                .build())
                .create();
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(() ->
                        client.pods()
                                .inNamespace(namespace)
                                .withName(POD)
                                .get()
                                .getStatus()
                                .getPhase()
                                .equals("Succeeded"));
        node = new KubeletLogs(client);
    }

    private static Container container(String name, String script) {
        return new ContainerBuilder()
                .withName(name)
                .withImage("busybox:1.36")
                .withCommand("sh", "-c", script)
                .build();
    }

    @AfterAll
    static void close() {
        if (client != null) {
            client.namespaces().withName(namespace).delete();
            client.close();
        }
        if (node != null) {
            node.close();
        }
    }

    @Override
    NodeLogs node() {
        return node;
    }

    @Override
    NodeLogs.Source source(String container) {
        return new NodeLogs.Source(namespace, POD, container, false);
    }
}
