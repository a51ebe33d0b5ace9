package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.windlass.harness.Api;
import io.windlass.harness.Cluster;
import io.windlass.harness.Figures;
import io.windlass.harness.SimulatedNodes;
import io.windlass.harness.Stack;
import io.windlass.harness.Told;
import io.windlass.testing.TestCluster;
import io.windlass.testing.TestSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Hundreds of statuses and events of any shape, by way of a real API server, on pods that are ours:
 * nothing crashes, nothing stalls, and good jobs beside them end as soon as without them.
 */
@EnabledIf("available")
class RubbishIT {
    private static final int PODS = 25;
    private static final int PIECES = TestSize.of(300, 1_000);
    private static final int GOOD = TestSize.of(50, 100);
    private static final long SEED = Long.getLong("windlass.rubbish.seed", 7);

    private static final String[] TEXTS = {
        "",
        "\0",
        "a\0b",
        "\uD83D\uDE80 \u202E\u0000\uFFFF",
        "\u0001\u001b[31m",
        "'; drop table job; --",
        "{\"a\":[[[[",
        "%s%n${jndi:ldap://x}",
        "x".repeat(1_000_000),
        "\u4E2D".repeat(300_000),
        "not found ".repeat(50_000),
        "exceeded quota: a, requested: " + "cpu=1,".repeat(20_000),
        "ErrImagePull",
        "ImagePullBackOff",
        "CreateContainerConfigError",
        "Back-off pulling image \"x\": ErrImagePull: " + "429 ".repeat(1_000),
        "\n\n\n\t",
    };

    private static final String[] EVENTS = {
        "FailedMount",
        "FailedCreatePodSandBox",
        "Pulling",
        "TriggeredScaleUp",
        "FailedCreate",
        "\u0001"
    };

    static boolean available() {
        return SimulatedNodes.available();
    }

    @Test
    void shouldTakeAnyRubbishAndLetNobodyWaitForIt() throws Exception {
        Path kubeconfig = TestCluster.kubeconfig().orElseThrow();
        try (Cluster cluster = Cluster.of(kubeconfig);
                Stack stack =
                        Stack.ofSingles(
                                kubeconfig,
                                // nobody is given up meanwhile: that would take pods away
                                Map.of("WINDLASS_FAIL_FAST_OTHER", "1h"));
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            medianEnd(stack, cluster, "warm-up", GOOD);
            double without = medianEnd(stack, cluster, "without", GOOD);
            List<Pod> pods = pods(stack, cluster);
            AtomicInteger taken = new AtomicInteger();
            Future<?> rubbish = thread.submit(() -> throwRubbish(cluster, pods, taken));
            Awaitility.await("it has begun").until(() -> taken.get() > 20 || rubbish.isDone());
            double with = medianEnd(stack, cluster, "with", GOOD);
            rubbish.get();
            System.out.printf(
                    "[rubbish] the API server took %d of %d pieces; good jobs ended after %.2f s at the median, without rubbish after %.2f s%n",
                    taken.get(), PIECES, with, without);
            Figures.put(
                    "good jobs without and with rubbish beside them, POST to the median end",
                    "%.2f s and %.2f s".formatted(without, with));
            Figures.print();
            assertThat(taken.get()).as("pieces that the API server took").isGreaterThan(PIECES / 2);
            assertThat(with).isLessThan(Bounds.of(2 * without + 1));
            medianEnd(stack, cluster, "after", 10);
            assertThat(stack.all())
                    .allSatisfy(service -> {
                        assertThat(service.process().isAlive()).isTrue();
                        assertThat(readable(service.log()))
                                .as("%s", service.log())
                                .doesNotContain("Exception in thread", "dead letter", "ERROR");
                    });
        }
    }

    private static String readable(Path log) throws IOException {
        return Files.readString(log, StandardCharsets.ISO_8859_1);
    }

    /** From the POST of so many jobs to the end of half of them. */
    private static double medianEnd(Stack stack, Cluster cluster, String name, int count)
            throws Exception {
        List<Map<String, Object>> jobs =
                IntStream.range(0, count)
                        .mapToObj(i ->
                                Api.with(
                                        Api.simulated(name + "-" + i),
                                        "namespace",
                                        cluster.namespace()))
                        .toList();
        List<String> ids = stack.api().submitAll(jobs);
        for (String id : ids) {
            assertThat(stack.api().awaitEnd(id, Duration.ofMinutes(2)))
                    .containsEntry("state", "SUCCEEDED");
        }
        return stack.database()
                        .number(
                                "select (1000 * extract(epoch from percentile_cont(0.5) within group (order by s.finished_at - j.submitted_at)))::bigint"
                                        + " from job j join job_state s on s.job_id = j.id where j.name like '"
                                        + name
                                        + "-%'")
                / 1e3;
    }

    private static List<Pod> pods(Stack stack, Cluster cluster) throws IOException {
        List<Map<String, Object>> jobs =
                IntStream.range(0, PODS)
                        .mapToObj(i ->
                                Api.with(
                                        Api.with(
                                                Api.job("target-" + i, "true"),
                                                "namespace",
                                                cluster.namespace()),
                                        "schedulerName",
                                        Way.NOBODY))
                        .toList();
        stack.api().submitAll(jobs);
        return Awaitility.await("their pods are there")
                .atMost(Duration.ofMinutes(1))
                .until(
                        () ->
                                cluster
                                        .client()
                                        .pods()
                                        .inNamespace(cluster.namespace())
                                        .list()
                                        .getItems()
                                        .stream()
                                        .filter(pod ->
                                                Way.NOBODY.equals(pod.getSpec().getSchedulerName()))
                                        .toList(),
                        found -> found.size() == PODS);
    }

    private static void throwRubbish(Cluster cluster, List<Pod> pods, AtomicInteger taken) {
        Random random = new Random(SEED);
        for (int i = 0; i < PIECES; i++) {
            Pod pod = pods.get(random.nextInt(pods.size()));
            try {
                if (i % 2 == 0) {
                    Told.show(cluster.client(), pod, status(random));
                } else {
                    cluster.client()
                            .resource(
                                    Puppets.event(
                                            pod,
                                            EVENTS[random.nextInt(EVENTS.length)],
                                            text(random, 1_000)))
                            .create();
                }
                taken.incrementAndGet();
            } catch (KubernetesClientException e) {
                // some of it is too much for the API server itself
                assertThat(e.getCode()).isBetween(400, 599);
            }
        }
    }

    private static PodStatus status(Random random) {
        List<ContainerStatus> containers = new ArrayList<>();
        for (int i = 0; i < random.nextInt(3); i++) {
            containers.add(container(random));
        }
        return new PodStatusBuilder()
                .withPhase(random.nextInt(4) == 0 ? null : "Pending")
                .withReason(text(random, 1_000))
                .withMessage(text(random, 1_000_000))
                .withContainerStatuses(containers)
                .withConditions(condition(random))
                .build();
    }

    private static ContainerStatus container(Random random) {
        return new ContainerStatusBuilder()
                .withName(random.nextBoolean() ? "main" : text(random, 50))
                .withImage(text(random, 100))
                .withImageID("")
                .withReady(false)
                .withRestartCount(0)
                .withState(
                        random.nextInt(4) == 0
                                ? new ContainerStateBuilder().build()
                                : new ContainerStateBuilder()
                                        .withNewWaiting()
                                        .withReason(text(random, 1_000))
                                        .withMessage(text(random, 1_000_000))
                                        .endWaiting()
                                        .build())
                .build();
    }

    private static PodCondition condition(Random random) {
        return new PodConditionBuilder()
                .withType(random.nextBoolean() ? "PodScheduled" : text(random, 50))
                .withStatus("False")
                .withReason(random.nextBoolean() ? "Unschedulable" : text(random, 50))
                .withMessage(text(random, 100_000))
                .build();
    }

    /** One in twenty as long as it may be. */
    private static String text(Random random, int most) {
        String text = TEXTS[random.nextInt(TEXTS.length)];
        int longest = random.nextInt(20) == 0 ? most : Math.min(most, 5_000);
        return text.substring(0, Math.min(longest, text.length()));
    }
}
