package io.windlass.podscheduler;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.windlass.testing.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/**
 * Simulated nodes of a real cluster that are for one test alone, and a namespace. Nobody else's
 * pods come here, and its pods go nowhere else.
 */
public final class Fleet implements AutoCloseable {
    private static final String LABEL = "windlass-test-fleet";

    public final KubernetesClient client;
    public final String name = "sched-" + UUID.randomUUID().toString().substring(0, 8);

    public Fleet(int nodes, String cpu) {
        Config config = Config.fromKubeconfig(TestCluster.kubeconfig().orElseThrow().toFile());
        client =
                new KubernetesClientBuilder()
                        .withConfig(new ConfigBuilder(config).withRequestTimeout(60_000).build())
                        .build();
        try {
            client.resource(
                            new NamespaceBuilder()
                                    .withNewMetadata()
                                    .withName(name)
                                    .endMetadata()
                                    .build())
                    .create();
            IntStream.range(0, nodes).forEach(i -> client.resource(node(i, cpu)).create());
            await().until(() -> nodes().stream().filter(Fleet::isReady).count() == nodes);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    public static ConditionFactory await() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions();
    }

    public String node(int i) {
        return "%s-%03d".formatted(name, i);
    }

    private Node node(int i, String cpu) {
        Map<String, Quantity> room =
                Map.of(
                        "cpu", new Quantity(cpu),
                        "memory", new Quantity("256Gi"),
                        "pods", new Quantity("250"));
        return new NodeBuilder()
                .withNewMetadata()
                .withName(node(i))
                .addToAnnotations("kwok.x-k8s.io/node", "fake")
                .addToLabels("type", "kwok")
                .addToLabels("kubernetes.io/hostname", node(i))
                .addToLabels(LABEL, name)
                .endMetadata()
                .withNewSpec()
                .addNewTaint()
                .withKey(LABEL)
                .withValue(name)
                .withEffect("NoSchedule")
                .endTaint()
                .endSpec()
                .withNewStatus()
                .withAllocatable(room)
                .withCapacity(room)
                .endStatus()
                .build();
    }

    public List<Node> nodes() {
        return client.nodes().withLabel(LABEL, name).list().getItems();
    }

    private static boolean isReady(Node node) {
        return node.getStatus().getConditions().stream()
                .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    public void label(int node, String key) {
        client.nodes()
                .withName(node(node))
                .edit(n ->
                        new NodeBuilder(n)
                                .editMetadata()
                                .addToLabels(key, "")
                                .endMetadata()
                                .build());
    }

    public void cordon(int node, boolean cordoned) {
        client.nodes()
                .withName(node(node))
                .edit(n ->
                        new NodeBuilder(n)
                                .editSpec()
                                .withUnschedulable(cordoned ? true : null)
                                .endSpec()
                                .build());
    }

    public PodSpec spec(String scheduler, String cpu) {
        return new PodSpecBuilder()
                .withSchedulerName(scheduler)
                .withTerminationGracePeriodSeconds(0L)
                .addToNodeSelector(LABEL, name)
                .addNewToleration()
                .withKey(LABEL)
                .withOperator("Exists")
                .endToleration()
                .addNewContainer()
                .withName("main")
                .withImage("busybox:1.36")
                .withNewResources()
                .addToRequests("cpu", new Quantity(cpu))
                .endResources()
                .endContainer()
                .build();
    }

    public Pod pod(String podName, PodSpec spec, Map<String, String> annotations) {
        return client.resource(
                        new PodBuilder()
                                .withNewMetadata()
                                .withNamespace(name)
                                .withName(podName)
                                .withAnnotations(annotations)
                                .endMetadata()
                                .withSpec(spec)
                                .build())
                .create();
    }

    public Pod pod(String podName, String scheduler, String cpu) {
        return pod(podName, spec(scheduler, cpu), Map.of());
    }

    public List<Pod> pods() {
        return client.pods().inNamespace(name).list().getItems();
    }

    public @Nullable String nodeOf(String podName) {
        Pod pod = client.pods().inNamespace(name).withName(podName).get();
        return pod == null ? null : pod.getSpec().getNodeName();
    }

    /** Why a pod is said to wait. */
    public Optional<String> condition(String podName) {
        return client
                .pods()
                .inNamespace(name)
                .withName(podName)
                .get()
                .getStatus()
                .getConditions()
                .stream()
                .filter(c -> c.getType().equals("PodScheduled"))
                .filter(c -> c.getStatus().equals("False"))
                .filter(c -> "Unschedulable".equals(c.getReason()))
                .map(PodCondition::getMessage)
                .findFirst();
    }

    public String awaitCondition(String podName) {
        await().until(() -> condition(podName).isPresent());
        return condition(podName).orElseThrow();
    }

    public void awaitNode(String podName, String node) {
        await().until(() -> node.equals(nodeOf(podName)));
    }

    public List<String> events(String podName, String reason) {
        return client
                .v1()
                .events()
                .inNamespace(name)
                .withField("involvedObject.name", podName)
                .list()
                .getItems()
                .stream()
                .filter(e -> reason.equals(e.getReason()))
                .map(e -> e.getMessage())
                .toList();
    }

    @Override
    public void close() {
        client.pods().inNamespace(name).withGracePeriod(0).delete();
        client.namespaces().withName(name).delete();
        client.nodes().withLabel(LABEL, name).delete();
        client.close();
    }
}
