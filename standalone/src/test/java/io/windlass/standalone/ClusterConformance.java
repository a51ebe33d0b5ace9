package io.windlass.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What Windlass relies on in a cluster. The local one promises this, and no more. */
@Execution(ExecutionMode.CONCURRENT)
abstract class ClusterConformance {
    private static final Duration SOON = Duration.ofSeconds(60);
    private KubernetesClient client;
    private String namespace;

    abstract KubernetesClient connect();

    @BeforeEach
    void open() {
        client = connect();
        namespace = "conformance-" + UUID.randomUUID().toString().substring(0, 8);
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
            try {
                client.batch().v1().jobs().inNamespace(namespace).delete();
            } finally {
                client.namespaces().withName(namespace).delete();
            }
        }
    }

    private ConfigMap configMap(String name, Map<String, String> labels) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .withLabels(labels)
                .endMetadata()
                .addToData("mode", "fast")
                .build();
    }

    private Job job(String name, String... command) {
        return new JobBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .addToLabels("suite", "conformance")
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(0)
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("suite", "conformance")
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .addNewContainer()
                .withName("main")
                .withImage("busybox:1.36")
                .withCommand(command)
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    private Job create(Job job) {
        return client.resource(job).create();
    }

    private Job find(String name) {
        return client.batch().v1().jobs().inNamespace(namespace).withName(name).get();
    }

    private List<Pod> pods(String job) {
        return client.pods()
                .inNamespace(namespace)
                .withLabel("batch.kubernetes.io/job-name", job)
                .list()
                .getItems();
    }

    private Job awaitCondition(String name, String type) {
        return Awaitility.await(name + " is " + type)
                .atMost(SOON)
                .until(() -> find(name), job -> conditions(job).containsKey(type));
    }

    private static Map<String, JobCondition> conditions(Job job) {
        return job.getStatus() == null || job.getStatus().getConditions() == null
                ? Map.of()
                : job.getStatus().getConditions().stream()
                        .filter(c -> "True".equals(c.getStatus()))
                        .collect(Collectors.toMap(JobCondition::getType, c -> c));
    }

    private static int code(Throwable failure) {
        return ((KubernetesClientException) failure).getCode();
    }

    @Test
    void shouldKeepWhatIsCreatedAndRefuseTheSameNameTwice() {
        ConfigMap made = client.resource(configMap("settings", Map.of())).create();
        assertThat(made.getMetadata().getUid()).isNotBlank();
        assertThat(made.getMetadata().getResourceVersion()).isNotBlank();
        assertThatThrownBy(() -> client.resource(configMap("settings", Map.of())).create())
                .satisfies(e -> assertThat(code(e)).isEqualTo(409));
        assertThat(client.configMaps().inNamespace(namespace).withName("absent").get()).isNull();
        client.resource(made).delete();
        assertThat(client.configMaps().inNamespace(namespace).withName("settings").get()).isNull();
    }

    @Test
    void shouldRefuseNamesAndNamespacesThatCannotBe() {
        assertThatThrownBy(() -> create(job("Not_A_Name", "true")))
                .satisfies(e -> assertThat(code(e)).isEqualTo(422));
        Job elsewhere = job("lost", "true");
        elsewhere.getMetadata().setNamespace("no-such-namespace");
        assertThatThrownBy(() -> create(elsewhere))
                .satisfies(e -> assertThat(code(e)).isEqualTo(404));
    }

    @Test
    void shouldRefuseAnUpdateOfAnOldVersion() {
        ConfigMap made = client.resource(configMap("settings", Map.of())).create();
        client.resource(new ConfigMapBuilder(made).addToData("a", "1").build()).update();
        ConfigMap stale = new ConfigMapBuilder(made).addToData("a", "2").build();
        assertThatThrownBy(() -> client.resource(stale).lockResourceVersion().update())
                .satisfies(e -> assertThat(code(e)).isEqualTo(409));
    }

    @Test
    void shouldListBySelectorPageByPage() {
        for (int i = 0; i < 5; i++) {
            client.resource(configMap("c" + i, Map.of("team", i % 2 == 0 ? "even" : "odd")))
                    .create();
        }
        assertThat(
                        client.configMaps()
                                .inNamespace(namespace)
                                .withLabel("team", "even")
                                .list()
                                .getItems())
                .hasSize(3);
        assertThat(
                        client.configMaps()
                                .inNamespace(namespace)
                                .withLabelNotIn("team", "even")
                                .withLabel("team")
                                .list()
                                .getItems())
                .hasSize(2);
        List<String> names = new ArrayList<>();
        String next = null;
        do {
            var page =
                    client.configMaps()
                            .inNamespace(namespace)
                            .withLabel("team")
                            .list(
                                    new ListOptionsBuilder()
                                            .withLimit(2L)
                                            .withContinue(next)
                                            .build());
            assertThat(page.getItems()).hasSizeLessThanOrEqualTo(2);
            page.getItems().forEach(c -> names.add(c.getMetadata().getName()));
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        assertThat(names).containsExactly("c0", "c1", "c2", "c3", "c4");
    }

    private static Watcher<ConfigMap> into(List<String> seen) {
        return new Watcher<>() {
            @Override
            public void eventReceived(Action action, ConfigMap map) {
                seen.add(action + " " + map.getMetadata().getName());
            }

            @Override
            public void onClose(WatcherException cause) {
                seen.add("CLOSED");
            }
        };
    }

    @Test
    void shouldTellAWatchWhatHappensToWhatItSelects() {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (Watch watch =
                client.configMaps()
                        .inNamespace(namespace)
                        .withLabel("team", "a")
                        .watch(into(seen))) {
            assertThat(watch).isNotNull();
            ConfigMap ours = client.resource(configMap("ours", Map.of("team", "a"))).create();
            client.resource(configMap("theirs", Map.of("team", "b"))).create();
            client.resource(new ConfigMapBuilder(ours).addToData("x", "y").build()).update();
            client.resource(ours).delete();
            Awaitility.await()
                    .atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(seen)
                                    .containsExactly(
                                            "ADDED ours", "MODIFIED ours", "DELETED ours"));
        }
    }

    @Test
    void shouldBeginAWatchWithoutAVersionWithWhatIsThere() {
        client.resource(configMap("before", Map.of("team", "a"))).create();
        List<String> seen = new CopyOnWriteArrayList<>();
        try (Watch watch =
                client.configMaps()
                        .inNamespace(namespace)
                        .withLabel("team", "a")
                        .watch(into(seen))) {
            assertThat(watch).isNotNull();
            Awaitility.await()
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(seen).containsExactly("ADDED before"));
        }
    }

    /** A refusal that the client takes for passing costs 20 s, in which informers hear nothing. */
    @Test
    void shouldBeginAWatchAtOnce() {
        Instant begun = Instant.now();
        client.configMaps().inNamespace(namespace).watch(into(new ArrayList<>())).close();
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void shouldMergeAPatch() {
        client.resource(configMap("settings", Map.of("team", "a"))).create();
        client.configMaps()
                .inNamespace(namespace)
                .withName("settings")
                .edit(map ->
                        new ConfigMapBuilder(map)
                                .editMetadata()
                                .addToLabels("more", "b")
                                .endMetadata()
                                .build());
        assertThat(
                        client.configMaps()
                                .inNamespace(namespace)
                                .withName("settings")
                                .get()
                                .getMetadata()
                                .getLabels())
                .containsEntry("team", "a")
                .containsEntry("more", "b");
    }

    @Test
    void shouldCompleteAJobWhoseCommandEndsWell() {
        create(job("good", "sh", "-c", "echo hello"));
        Job done = awaitCondition("good", "Complete");
        assertThat(conditions(done)).containsKey("SuccessCriteriaMet");
        Pod pod = pods("good").getFirst();
        assertThat(pod.getStatus().getPhase()).isEqualTo("Succeeded");
        assertThat(
                        pod.getStatus()
                                .getContainerStatuses()
                                .getFirst()
                                .getState()
                                .getTerminated()
                                .getExitCode())
                .isZero();
        assertThat(client.pods().resource(pod).getLog()).isEqualTo("hello\n");
    }

    @Test
    void shouldFailAJobByItsPolicyAndKeepTheEndOfTheLog() {
        Job job =
                new JobBuilder(job("bad", "sh", "-c", "echo broken >&2; exit 3"))
                        .editSpec()
                        .withBackoffLimit(3)
                        .withNewPodFailurePolicy()
                        .addNewRule()
                        .withAction("FailJob")
                        .withNewOnExitCodes()
                        .withOperator("NotIn")
                        .withValues(0)
                        .endOnExitCodes()
                        .endRule()
                        .endPodFailurePolicy()
                        .endSpec()
                        .build();
        create(job);
        Job failed = awaitCondition("bad", "Failed");
        assertThat(conditions(failed).get("Failed").getReason()).isEqualTo("PodFailurePolicy");
        assertThat(conditions(failed).get("Failed").getMessage()).contains("exit code 3");
        var ended =
                pods("bad")
                        .getFirst()
                        .getStatus()
                        .getContainerStatuses()
                        .getFirst()
                        .getState()
                        .getTerminated();
        assertThat(ended.getExitCode()).isEqualTo(3);
        assertThat(ended.getMessage()).isEqualTo("broken\n");
    }

    @Test
    @Tag("slow")
    void shouldTryAgainUpToTheLimit() {
        create(
                new JobBuilder(job("twice", "false"))
                        .editSpec()
                        .withBackoffLimit(1)
                        .endSpec()
                        .build());
        Job failed = awaitCondition("twice", "Failed");
        assertThat(conditions(failed).get("Failed").getReason()).isEqualTo("BackoffLimitExceeded");
        assertThat(failed.getStatus().getFailed()).isEqualTo(2);
    }

    @Test
    void shouldEndAJobAtItsDeadline() {
        Job job = job("late", "sh", "-c", "trap 'exit 1' TERM; sleep 60 & wait");
        create(new JobBuilder(job).editSpec().withActiveDeadlineSeconds(2L).endSpec().build());
        Job failed = awaitCondition("late", "Failed");
        assertThat(conditions(failed).get("Failed").getReason()).isEqualTo("DeadlineExceeded");
    }

    @Test
    @Tag("slow")
    void shouldHoldAContainerUntilItsSecretIsThere() {
        Job job =
                new JobBuilder(job("secretive", "sh", "-c", "echo $TOKEN"))
                        .editSpec()
                        .editTemplate()
                        .editSpec()
                        .editFirstContainer()
                        .withEnv(
                                new EnvVarBuilder()
                                        .withName("TOKEN")
                                        .withNewValueFrom()
                                        .withNewSecretKeyRef("token", "api", false)
                                        .endValueFrom()
                                        .build())
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build();
        create(job);
        Awaitility.await()
                .atMost(SOON)
                .ignoreException(NoSuchElementException.class)
                .untilAsserted(() -> {
                    var waiting =
                            pods("secretive")
                                    .getFirst()
                                    .getStatus()
                                    .getContainerStatuses()
                                    .getFirst()
                                    .getState()
                                    .getWaiting();
                    assertThat(waiting.getReason()).isEqualTo("CreateContainerConfigError");
                    assertThat(waiting.getMessage()).isEqualTo("secret \"api\" not found");
                });
        client.resource(
                        new SecretBuilder()
                                .withNewMetadata()
                                .withName("api")
                                .withNamespace(namespace)
                                .endMetadata()
                                .addToStringData("token", "open")
                                .build())
                .create();
        awaitCondition("secretive", "Complete");
        assertThat(client.pods().resource(pods("secretive").getFirst()).getLog())
                .isEqualTo("open\n");
    }

    @Test
    void shouldDeleteAJobOnlyAfterItsPodsAndOnlyTheOneThatIsMeant() {
        create(job("doomed", "sh", "-c", "trap 'exit 0' TERM; sleep 60 & wait"));
        Awaitility.await().atMost(SOON).until(() -> pods("doomed").size() == 1);
        String path = "/apis/batch/v1/namespaces/" + namespace + "/jobs/doomed";
        assertThatThrownBy(() -> client.raw(path, "DELETE", options("another-uid")))
                .satisfies(e -> assertThat(code(e)).isEqualTo(409));
        client.raw(path, "DELETE", options(find("doomed").getMetadata().getUid()));
        Awaitility.await()
                .atMost(SOON)
                .until(() -> {
                    Job job = find("doomed");
                    assertThat(job != null || pods("doomed").isEmpty())
                            .as("the Job outlives its pods")
                            .isTrue();
                    return job == null;
                });
    }

    @Test
    void shouldRemoveAnEndedJobAtOnceAndItsPodsAfterIt() {
        create(job("over", "true"));
        awaitCondition("over", "Complete");
        String path = "/apis/batch/v1/namespaces/" + namespace + "/jobs/over";
        Map<String, Object> options = new HashMap<>(options(find("over").getMetadata().getUid()));
        options.put("propagationPolicy", DeletionPropagation.BACKGROUND.toString());
        assertThat(client.raw(path, "DELETE", options)).contains("\"Status\"", "Success");
        assertThat(find("over")).isNull();
        Awaitility.await().atMost(SOON).until(() -> pods("over").isEmpty());
    }

    private static Map<String, Object> options(String uid) {
        return Map.of(
                "apiVersion",
                "v1",
                "kind",
                "DeleteOptions",
                "propagationPolicy",
                DeletionPropagation.FOREGROUND.toString(),
                "preconditions",
                Map.of("uid", uid));
    }

    @Test
    @Tag("slow")
    void shouldStopAJobThatIsSuspendedAndKeepIt() {
        create(job("retired", "sh", "-c", "trap 'exit 0' TERM; sleep 60 & wait"));
        Awaitility.await()
                .atMost(SOON)
                .until(() ->
                        pods("retired").stream()
                                .anyMatch(p -> "Running".equals(p.getStatus().getPhase())));
        assertThatThrownBy(() -> suspend("another-uid"))
                .satisfies(e -> assertThat(code(e)).isEqualTo(422));
        suspend(find("retired").getMetadata().getUid());
        awaitCondition("retired", "Suspended");
        Awaitility.await()
                .atMost(SOON)
                .until(() ->
                        pods("retired").stream()
                                .allMatch(p ->
                                        List.of("Succeeded", "Failed")
                                                .contains(p.getStatus().getPhase())));
        assertThat(find("retired")).isNotNull();
        create(suspended(job("never", "true")));
        awaitCondition("never", "Suspended");
        assertThat(pods("never")).isEmpty();
    }

    private void suspend(String uid) {
        client.batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withName("retired")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"uid\":\"" + uid + "\"},\"spec\":{\"suspend\":true}}");
    }

    private static Job suspended(Job job) {
        return new JobBuilder(job).editSpec().withSuspend(true).endSpec().build();
    }

    @Test
    void shouldRunEachIndexOnce() {
        Job job =
                new JobBuilder(job("indexed", "sh", "-c", "echo index $JOB_COMPLETION_INDEX"))
                        .editSpec()
                        .withCompletionMode("Indexed")
                        .withCompletions(3)
                        .withParallelism(2)
                        .endSpec()
                        .build();
        create(job);
        awaitCondition("indexed", "Complete");
        Set<String> logs =
                pods("indexed").stream()
                        .map(pod -> client.pods().resource(pod).getLog())
                        .collect(Collectors.toSet());
        assertThat(logs).containsExactlyInAnyOrder("index 0\n", "index 1\n", "index 2\n");
    }

    @Test
    void shouldSayThatAPodFitsNoNode() {
        Job job =
                new JobBuilder(job("nowhere", "true"))
                        .editSpec()
                        .editTemplate()
                        .editSpec()
                        .addToNodeSelector("nobody", "has-this")
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build();
        create(job);
        Awaitility.await()
                .atMost(SOON)
                .ignoreException(NoSuchElementException.class)
                .untilAsserted(() ->
                        assertThat(pods("nowhere").getFirst().getStatus().getConditions())
                                .anySatisfy(c -> {
                                    assertThat(c.getType()).isEqualTo("PodScheduled");
                                    assertThat(c.getReason()).isEqualTo("Unschedulable");
                                }));
    }
}
