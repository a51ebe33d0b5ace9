package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.windlass.harness.Cluster;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;

/**
 * Somebody's own Job under a name that a job of ours wants. Its pod runs for some seconds and
 * fails; all that is seen of it meanwhile must still be there afterwards.
 */
final class Stranger {
    private static final int EXIT_CODE = 7;

    private final Cluster cluster;
    private final String name;
    private final String uid;
    private final Set<String> pods = new HashSet<>();
    private final Set<String> events = new HashSet<>();

    private Stranger(Cluster cluster, String name, String uid) {
        this.cluster = cluster;
        this.name = name;
        this.uid = uid;
    }

    static Stranger in(Cluster cluster, String name) {
        Job job =
                new JobBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(cluster.namespace())
                        .endMetadata()
                        .withNewSpec()
                        .withBackoffLimit(0)
                        .withNewTemplate()
                        .withNewSpec()
                        .withRestartPolicy("Never")
                        .addNewContainer()
                        .withName("main")
                        .withImage("busybox:1.36")
                        .withCommand("sh", "-c", "sleep 6; exit " + EXIT_CODE)
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build();
        String uid = cluster.client().resource(job).create().getMetadata().getUid();
        return new Stranger(cluster, name, uid);
    }

    void awaitItsPodRuns() {
        Awaitility.await("the stranger's pod runs")
                .atMost(Pipeline.SOON)
                .until(() -> {
                    look();
                    return pods().stream()
                            .anyMatch(pod -> "Running".equals(pod.getStatus().getPhase()));
                });
    }

    /** Its Job fails since its own program fails, and nobody took anything away or ended it. */
    void endsByItself() {
        Awaitility.await("the stranger's Job has failed by itself")
                .atMost(Pipeline.SOON)
                .until(() -> {
                    look();
                    return condition("Failed");
                });
        assertThat(job())
                .satisfies(job -> assertThat(job.getMetadata().getUid()).isEqualTo(uid))
                .satisfies(job -> assertThat(job.getMetadata().getDeletionTimestamp()).isNull())
                .satisfies(job -> assertThat(job.getSpec().getSuspend()).isNotEqualTo(true))
                .satisfies(job -> hasNothingOfOurs(job.getMetadata().getLabels()))
                .satisfies(job -> hasNothingOfOurs(job.getMetadata().getAnnotations()));
        assertThat(pods())
                .as("its pods")
                .extracting(pod -> pod.getMetadata().getUid())
                .containsExactlyInAnyOrderElementsOf(pods)
                .hasSize(1);
        assertThat(pods()).allSatisfy(Stranger::endedByItsProgram);
        assertThat(events())
                .as("its Events")
                .extracting(event -> event.getMetadata().getUid())
                .containsAll(events);
        assertThat(events())
                .extracting(Event::getReason)
                .contains("SuccessfulCreate", "Started")
                .doesNotContain("Killing", "SuccessfulDelete", "Suspended");
    }

    private static void endedByItsProgram(Pod pod) {
        assertThat(pod.getMetadata().getDeletionTimestamp()).isNull();
        hasNothingOfOurs(pod.getMetadata().getLabels());
        hasNothingOfOurs(pod.getMetadata().getAnnotations());
        assertThat(pod.getStatus().getPhase()).isEqualTo("Failed");
        assertThat(pod.getStatus().getContainerStatuses())
                .singleElement()
                .satisfies(container ->
                        assertThat(container.getState().getTerminated().getExitCode())
                                .isEqualTo(EXIT_CODE));
    }

    private static void hasNothingOfOurs(Map<String, String> marks) {
        if (marks != null) {
            assertThat(marks.keySet()).noneMatch(key -> key.startsWith("windlass.io/"));
        }
    }

    private void look() {
        pods().forEach(pod -> pods.add(pod.getMetadata().getUid()));
        events().forEach(event -> events.add(event.getMetadata().getUid()));
    }

    private boolean condition(String type) {
        Job job = job();
        return job != null
                && job.getStatus().getConditions().stream()
                        .anyMatch(c -> c.getType().equals(type) && c.getStatus().equals("True"));
    }

    private Job job() {
        return cluster.client()
                .batch()
                .v1()
                .jobs()
                .inNamespace(cluster.namespace())
                .withName(name)
                .get();
    }

    private List<Pod> pods() {
        return cluster.client()
                .pods()
                .inNamespace(cluster.namespace())
                .withLabel("batch.kubernetes.io/job-name", name)
                .list()
                .getItems();
    }

    /** The names of its pods begin with its own. */
    private List<Event> events() {
        return cluster
                .client()
                .v1()
                .events()
                .inNamespace(cluster.namespace())
                .list()
                .getItems()
                .stream()
                .filter(event -> event.getInvolvedObject().getName().startsWith(name))
                .toList();
    }
}
