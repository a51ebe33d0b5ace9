package io.windlass.podscheduler;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
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
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
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
                        .withConfig(new ConfigBuilder(config).withRequestTimeout(20_000).build())
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
        edit(node, n -> n.editMetadata().addToLabels(key, "").endMetadata());
    }

    public void cordon(int node, boolean cordoned) {
        edit(node, n -> n.editSpec().withUnschedulable(cordoned ? true : null).endSpec());
    }

    /** Again where somebody else was faster. */
    public void edit(int node, UnaryOperator<NodeBuilder> change) {
        await().until(
                        () ->
                                client.nodes()
                                        .withName(node(node))
                                        .edit(n -> change.apply(new NodeBuilder(n)).build()),
                        Objects::nonNull);
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

    /** Many at once, by several clients as it were. */
    public void pods(int count, PodSpec spec) {
        Semaphore atOnce = new Semaphore(32);
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                String podName = "pod-" + i;
                threads.execute(() -> {
                    atOnce.acquireUninterruptibly();
                    try {
                        pod(podName, spec, Map.of());
                    } catch (RuntimeException e) {
                        failures.add(e);
                    } finally {
                        atOnce.release();
                    }
                });
            }
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException(
                    failures.size() + " pods were not made", failures.getFirst());
        }
    }

    /** Nodes on which more is asked for than they have. */
    public List<String> overfull() {
        Map<String, BigDecimal> asked = new HashMap<>();
        for (Pod pod : pods()) {
            if (pod.getSpec().getNodeName() != null) {
                asked.merge(
                        pod.getSpec().getNodeName(),
                        pod.getSpec()
                                .getContainers()
                                .getFirst()
                                .getResources()
                                .getRequests()
                                .get("cpu")
                                .getNumericalAmount(),
                        BigDecimal::add);
            }
        }
        return nodes().stream()
                .filter(n ->
                        asked.getOrDefault(n.getMetadata().getName(), BigDecimal.ZERO)
                                        .compareTo(
                                                n.getStatus()
                                                        .getAllocatable()
                                                        .get("cpu")
                                                        .getNumericalAmount())
                                > 0)
                .map(n -> n.getMetadata().getName())
                .toList();
    }

    /** Until none is left. */
    public void clear() {
        client.pods().inNamespace(name).withGracePeriod(0).delete();
        await().atMost(Duration.ofMinutes(3))
                .until(() ->
                        client.pods()
                                .inNamespace(name)
                                .list(new ListOptionsBuilder().withLimit(1L).build())
                                .getItems()
                                .isEmpty());
    }

    public List<Pod> pods() {
        return client.pods().inNamespace(name).list().getItems();
    }

    /** The nodes of an app's pods, by the name of the pod. */
    public Map<String, String> placed(String app) {
        return client.pods().inNamespace(name).withLabel("app", app).list().getItems().stream()
                .collect(
                        Collectors.toMap(
                                p -> p.getMetadata().getName(),
                                p -> String.valueOf(p.getSpec().getNodeName())));
    }

    public boolean exists(String podName) {
        return client.pods().inNamespace(name).withName(podName).get() != null;
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

    /** Tries everything, so that a failed deletion does not leave the rest behind. */
    @Override
    public void close() {
        List<String> left = new ArrayList<>();
        try (client) {
            remove(
                    "pods of " + name,
                    () -> client.pods().inNamespace(name).withGracePeriod(0).delete(),
                    left);
            remove("namespace " + name, () -> client.namespaces().withName(name).delete(), left);
            remove("nodes of " + name, () -> client.nodes().withLabel(LABEL, name).delete(), left);
        }
        if (!left.isEmpty()) {
            throw new IllegalStateException("left in the cluster: " + left);
        }
    }

    /** Again where the API server does not answer: a test may just have killed it. */
    private static void remove(String what, Runnable deletion, List<String> left) {
        try {
            await().until(() -> {
                deletion.run();
                return true;
            });
        } catch (ConditionTimeoutException e) {
            left.add(what);
        }
    }
}
