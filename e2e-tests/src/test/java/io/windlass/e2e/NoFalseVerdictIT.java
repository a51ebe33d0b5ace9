package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.windlass.harness.Api;
import io.windlass.harness.Cluster;
import io.windlass.harness.Edits;
import io.windlass.harness.SimulatedNodes;
import io.windlass.harness.Stack;
import io.windlass.json.Json;
import io.windlass.testing.TestCluster;
import io.windlass.testing.TestSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Trouble that passes fails nobody. In the short size graces are a tenth of those shipped and the
 * trouble lasts longer than most of them; in the full size graces are as shipped, and there is more
 * of it, for longer.
 */
@EnabledIf("available")
class NoFalseVerdictIT {
    private static final int DIVISOR = TestSize.of(10, 1);
    private static final int PULLS = TestSize.of(20, 200);
    private static final int RECOVERED_AFTER = TestSize.of(20, 180);

    /** Longer than the grace of what nobody has named, which is five minutes as shipped. */
    private static final int SLOW = TestSize.of(35, 300);

    private static final int INIT = TestSize.of(35, 600);
    private static final int BACKLOG = TestSize.of(30, 200);
    private static final Duration TROUBLE = Duration.ofSeconds(TestSize.of(12, 150));

    /** For the first sight of all of it, before the trouble's time is counted. */
    private static final Duration TO_BE_TOLD = Duration.ofMinutes(2);

    private static final String[] ANSWERS = {"429", "500", "503", "drop"};
    private static final String LONELY = "windlass-test/lonely";

    static boolean available() {
        return SimulatedNodes.available() && Ways.REGISTRY != null;
    }

    private final Map<String, String> jobs = new LinkedHashMap<>();
    private final String run = UUID.randomUUID().toString().substring(0, 8);

    @Test
    void shouldFailNobodyWhoseTroublePasses() throws Exception {
        Path kubeconfig = TestCluster.kubeconfig().orElseThrow();
        try (Cluster cluster = Cluster.of(kubeconfig);
                Stack stack = Stack.ofSingles(kubeconfig, Grace.settings(DIVISOR))) {
            Api api = stack.api();
            KubernetesClient client = cluster.client();
            List<String> nodes = simulatedNodes(client);
            fill(cluster, nodes);
            String lonely = nodes.getLast();
            label(client, lonely, run);
            cordon(client, lonely, true);
            try {
                submitAll(api, cluster);
                Awaitility.await("they say why they wait")
                        .atMost(TO_BE_TOLD)
                        .untilAsserted(() -> whyTheyWait(api));
                Instant until = Instant.now().plus(TROUBLE);
                Awaitility.await("the trouble lasts")
                        .atMost(TROUBLE.plusSeconds(5))
                        .until(() -> {
                            assertThat(failed(stack)).as("failed so far").isEmpty();
                            return Instant.now().isAfter(until);
                        });
                client.secrets()
                        .inNamespace(cluster.namespace())
                        .resource(
                                new SecretBuilder()
                                        .withNewMetadata()
                                        .withName("late")
                                        .endMetadata()
                                        .addToStringData("k", "v")
                                        .build())
                        .create();
            } finally {
                cordon(client, lonely, false);
                client.pods().inNamespace(cluster.namespace()).withLabel("filler").delete();
            }
            for (Map.Entry<String, String> one : jobs.entrySet()) {
                Map<String, Object> end = api.awaitEnd(one.getKey(), Duration.ofMinutes(20));
                assertThat(end.get("state") + " " + end.get("reason") + " " + end.get("message"))
                        .as(one.getValue())
                        .startsWith("SUCCEEDED");
            }
            label(client, lonely, null);
            System.out.printf("[no false verdict] %d jobs, none failed%n", jobs.size());
        }
    }

    private static List<String> simulatedNodes(KubernetesClient client) {
        return client.nodes().withLabel("type", "kwok").list().getItems().stream()
                .map(node -> node.getMetadata().getName())
                .sorted()
                .toList();
    }

    private static void label(KubernetesClient client, String node, String value) {
        Edits.retried(() ->
                client.nodes()
                        .withName(node)
                        .edit(live -> {
                            if (value == null) {
                                live.getMetadata().getLabels().remove(LONELY);
                            } else {
                                live.getMetadata().getLabels().put(LONELY, value);
                            }
                            return live;
                        }));
    }

    /** Nothing else fits onto the simulated nodes. */
    private static void fill(Cluster cluster, List<String> nodes) {
        for (String node : nodes) {
            cluster.client()
                    .pods()
                    .inNamespace(cluster.namespace())
                    .resource(
                            new PodBuilder()
                                    .withNewMetadata()
                                    .withName("filler-" + node)
                                    .addToLabels("filler", "true")
                                    .endMetadata()
                                    .withNewSpec()
                                    .withNodeName(node)
                                    .addNewContainer()
                                    .withName("main")
                                    .withImage("busybox:1.36")
                                    .withNewResources()
                                    .addToRequests("cpu", new Quantity("63500m"))
                                    .endResources()
                                    .endContainer()
                                    .endSpec()
                                    .build())
                    .create();
        }
    }

    private static void cordon(KubernetesClient client, String node, boolean cordoned) {
        Edits.retried(() ->
                client.nodes()
                        .withName(node)
                        .edit(live -> {
                            live.getSpec().setUnschedulable(cordoned ? true : null);
                            return live;
                        }));
    }

    private void submitAll(Api api, Cluster cluster) throws IOException {
        List<Map<String, Object>> all = new ArrayList<>();
        for (int i = 0; i < PULLS; i++) {
            String answer = ANSWERS[i % ANSWERS.length];
            all.add(
                    pulled(
                            "recovers-" + i + "-" + answer,
                            "until-" + RECOVERED_AFTER + "-" + answer + "/" + run + "-" + i));
        }
        all.add(pulled("slow", "slow-" + SLOW));
        all.add(
                Map.of(
                        "name",
                        "long-init",
                        "podSpec",
                        Map.of(
                                "initContainers",
                                List.of(
                                        Map.of(
                                                "name",
                                                "first",
                                                "image",
                                                "busybox:1.36",
                                                "command",
                                                List.of("sleep", Integer.toString(INIT)))),
                                "containers",
                                List.of(Way.main(Map.of())))));
        for (int i = 0; i < BACKLOG; i++) {
            all.add(Api.with(Api.simulated("backlog-" + i), "resources", Map.of("cpu", "2")));
        }
        all.add(Api.with(Api.simulated("lonely"), "nodeSelector", Map.of(LONELY, run)));
        Map<String, Object> patient =
                Api.with(
                        Api.job("patient", "true"),
                        "env",
                        List.of(
                                Map.of(
                                        "name",
                                        "K",
                                        "secretRef",
                                        Map.of("name", "late", "key", "k"))));
        all.add(Api.with(patient, "onMissingConfig", "wait"));
        List<Map<String, Object>> here = new ArrayList<>();
        all.forEach(job -> here.add(Api.with(job, "namespace", cluster.namespace())));
        String small = quotaOfOnePod(cluster);
        for (int i = 0; i < 3; i++) {
            Map<String, Object> turn = Api.job("turn-" + i, "sleep", "3");
            here.add(Api.with(turn, "namespace", small));
        }
        List<String> ids = api.submitAll(here);
        for (int i = 0; i < ids.size(); i++) {
            jobs.put(ids.get(i), here.get(i).get("name").toString());
        }
    }

    private static Map<String, Object> pulled(String name, String repository) {
        String image = Ways.REGISTRY + "/" + repository + "/busybox:1.36";
        return Api.with(Api.job(name, "true"), "image", image);
    }

    private static String quotaOfOnePod(Cluster cluster) {
        // not the test's own: its other pods would not fit
        String name = cluster.namespace() + "-small";
        cluster.makeNamespace(name);
        cluster.client()
                .resourceQuotas()
                .inNamespace(name)
                .resource(
                        new ResourceQuotaBuilder()
                                .withNewMetadata()
                                .withName("one")
                                .endMetadata()
                                .withNewSpec()
                                .addToHard("pods", new Quantity("1"))
                                .endSpec()
                                .build())
                .create();
        return name;
    }

    private void whyTheyWait(Api api) throws IOException {
        Map<String, Long> byCause = new LinkedHashMap<>();
        Object items = api.call("GET", "/api/v1/problems", null).body().get("items");
        for (Object item : (List<?>) items) {
            Map<String, Object> cause = Json.asObject(item);
            byCause.merge(
                    cause.get("class") + " " + cause.get("object"),
                    Long.parseLong(cause.get("jobs").toString()),
                    Long::sum);
            assertThat(api.call("GET", cause.get("link") + "&limit=500", null).body().get("items"))
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .as("%s", cause.get("link"))
                    .isNotEmpty();
        }
        assertThat(byCause)
                .containsEntry("WAITING_FOR_ROOM null", BACKLOG + 1L)
                .containsEntry("CONFIG_MISSING Secret late", 1L)
                .containsKey("IMAGE_PULL_FAILED registry " + Ways.REGISTRY);
        Object first =
                Json.asObject(
                                ((List<?>)
                                                api.call(
                                                                "GET",
                                                                "/api/v1/jobs?waiting=IMAGE_PULL_FAILED",
                                                                null)
                                                        .body()
                                                        .get("items"))
                                        .getFirst())
                        .get("waiting");
        assertThat(Json.asObject(first).get("message").toString())
                .as("an outage")
                .startsWith("held up, since pulls of many images");
    }

    private static List<String> failed(Stack stack) throws Exception {
        return stack.database()
                .column("select reason || ': ' || message from job_state where state = 'FAILED'");
    }
}
