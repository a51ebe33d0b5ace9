package io.windlass.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.cluster.Cluster;
import io.windlass.job.JobId;
import io.windlass.job.JobIdentity;
import io.windlass.job.JobManifest;
import io.windlass.job.JobSeen;
import io.windlass.job.JobSpec;
import io.windlass.job.Look;
import io.windlass.job.PodPolicy;
import io.windlass.job.PodSeen;
import io.windlass.json.Json;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What the code may rely on of any cluster: the same tests for the one in memory and a real one.
 */
abstract class ClusterPortConformance {
    /** A kubelet that has begun to wait goes on to: what is told of a shorter grace comes late. */
    private static final int LONG_GRACE = 40;

    static final UUID INSTALLATION = UUID.randomUUID();
    private final Random random = new Random();

    private record Ours(JobSpec spec, JobIdentity identity, String name) {}

    abstract Cluster cluster();

    abstract String namespace();

    abstract void await(BooleanSupplier condition);

    private Ours ours(Meant meant) {
        JobId id = JobId.at(System.currentTimeMillis(), random);
        JobSpec spec = meant.job(id, "hash").spec();
        return new Ours(
                spec,
                new JobIdentity(INSTALLATION, id, 1, "hash"),
                JobIdentity.kubernetesName(spec.name(), id, 1));
    }

    private static Meant meant(Meant.Kind kind, int exitCode, int seconds) {
        return new Meant(1, Meant.USUAL, kind, exitCode, seconds, 0, false);
    }

    private Map<String, @Nullable Object> manifest(Ours job) {
        return here(
                JobManifest.of(job.spec(), job.identity(), job.name(), PodPolicy.STANDARD, null));
    }

    /** In this test's namespace; its program does not hear SIGTERM, and need not be waited for. */
    private Map<String, @Nullable Object> here(Map<String, @Nullable Object> manifest) {
        Map<String, @Nullable Object> copy = with(manifest, namespace(), "metadata", "namespace");
        return with(copy, 2, "spec", "template", "spec", "terminationGracePeriodSeconds");
    }

    private static Map<String, @Nullable Object> with(
            Map<String, @Nullable Object> tree, Object value, String... path) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(tree);
        String first = path[0];
        copy.put(
                first,
                path.length == 1
                        ? value
                        : with(
                                Json.asObject(tree.get(first)),
                                value,
                                Arrays.copyOfRange(path, 1, path.length)));
        return copy;
    }

    private JobSeen create(Ours job) {
        Cluster.Creation made = cluster().create(namespace(), manifest(job));
        assertThat(made).isInstanceOf(Cluster.Creation.Made.class);
        return ((Cluster.Creation.Made) made).job();
    }

    private Look look(Ours job) {
        return cluster().look(namespace(), job.name(), job.identity().jobId());
    }

    private void awaitCondition(Ours job, String type) {
        await(() -> {
            JobSeen seen = look(job).job();
            return seen != null && seen.condition(type).isPresent();
        });
    }

    private PodSeen awaitPod(Ours job) {
        await(() -> !look(job).pods().isEmpty());
        return look(job).pods().getFirst();
    }

    @Test
    void shouldMakeAJobOnceAndShowWhoseItIs() {
        Ours job = ours(meant(Meant.Kind.GOOD, 0, 0));
        JobSeen made = create(job);
        assertThat(made.owner())
                .isEqualTo(
                        new JobSeen.Owner(
                                INSTALLATION.toString(),
                                job.identity().jobId().toString(),
                                1,
                                "hash"));
        assertThat(cluster().create(namespace(), manifest(job)))
                .isEqualTo(new Cluster.Creation.Exists());
        awaitCondition(job, "Complete");
        PodSeen pod = look(job).pods().getFirst();
        assertThat(pod.phase()).isEqualTo("Succeeded");
        assertThat(pod.startedAt()).isPresent();
        assertThat(pod.owner()).isEqualTo(new PodSeen.Owner(namespace(), made.uid()));
        assertThat(cluster().lookAtAll()).containsKey(job.identity().jobId());
    }

    @Test
    void shouldTellTheExitCodeOfAJobThatMayNotTryAgain() {
        Ours job = ours(meant(Meant.Kind.EXITS, 3, 0));
        create(job);
        awaitCondition(job, "Failed");
        JobSeen.Condition failed = look(job).job().condition("Failed").orElseThrow();
        assertThat(failed.reason()).isEqualTo("PodFailurePolicy");
        assertThat(failed.message()).contains("exit code 3");
        PodSeen pod = look(job).pods().getFirst();
        assertThat(pod.containers().getFirst().ended().exitCode()).isEqualTo(3);
    }

    @Test
    void shouldSayWhyAPodDoesNotStart() {
        Ours noSecret = ours(meant(Meant.Kind.NO_SECRET, 0, 0));
        Ours noImage = ours(meant(Meant.Kind.NO_IMAGE, 0, 0));
        create(noSecret);
        create(noImage);
        await(() -> waits(noSecret, "CreateContainerConfigError"));
        await(() -> waits(noImage, "Pull"));
        assertThat(waiting(noSecret).message()).contains("not found");
        assertThat(waiting(noImage).message()).contains("not found");
        assertThat(look(noImage).pods().getFirst().startedAt()).isEmpty();
    }

    private PodSeen.Waiting waiting(Ours job) {
        return look(job).pods().getFirst().containers().getFirst().waiting();
    }

    private boolean waits(Ours job, String reason) {
        Look look = look(job);
        return !look.pods().isEmpty()
                && !look.pods().getFirst().containers().isEmpty()
                && waiting(job) != null
                && waiting(job).reason().contains(reason)
                && waiting(job).message().contains("not found");
    }

    @Test
    void shouldDeleteOnlyTheOneThatIsMeantAndThePodsBeforeIt() {
        Ours job = ours(meant(Meant.Kind.GOOD, 0, 300));
        JobSeen made = create(job);
        awaitPod(job);
        assertThat(cluster().delete(namespace(), job.name(), "another-uid"))
                .as("that one is gone")
                .isTrue();
        assertThat(look(job).job().deletionAt()).isNull();
        assertThat(cluster().delete(namespace(), job.name(), made.uid())).isFalse();
        assertThat(look(job).job().deletionAt()).isNotNull();
        await(() -> look(job).job() == null);
        assertThat(look(job).pods()).isEmpty();
        assertThat(cluster().delete(namespace(), job.name(), made.uid())).isTrue();
    }

    @Test
    void shouldRemoveAnEndedOneAtOnceAndItsPodsAfterIt() {
        Ours job = ours(meant(Meant.Kind.GOOD, 0, 1));
        JobSeen made = create(job);
        awaitCondition(job, "Complete");
        assertThat(cluster().remove(namespace(), job.name(), "another-uid"))
                .as("that one is gone")
                .isTrue();
        assertThat(look(job).job()).isNotNull();
        assertThat(cluster().remove(namespace(), job.name(), made.uid())).isTrue();
        assertThat(look(job).job()).isNull();
        await(() -> podsOf(job.identity().jobId(), job.identity().installation()) == 0);
        assertThat(cluster().remove(namespace(), job.name(), made.uid())).isTrue();
    }

    @Test
    void shouldStopWhatIsSuspendedAndKeepItsName() {
        Ours job = ours(meant(Meant.Kind.GOOD, 0, 300));
        JobSeen made = create(job);
        awaitPod(job);
        assertThat(cluster().suspend(namespace(), job.name(), "another-uid")).isTrue();
        assertThat(cluster().suspend(namespace(), job.name(), made.uid())).isFalse();
        awaitCondition(job, "Suspended");
        await(() -> look(job).pods().stream().allMatch(ClusterPortConformance::isOver));
        cluster().deleteEndedPods(namespace(), job.identity().jobId());
        await(() -> look(job).pods().isEmpty());
        assertThat(look(job).job().uid()).isEqualTo(made.uid());
    }

    private static boolean isOver(PodSeen pod) {
        return pod.phase().equals("Succeeded") || pod.phase().equals("Failed");
    }

    @Test
    void shouldRunNothingOfAJobThatIsMadeSuspended() {
        Ours job = ours(meant(Meant.Kind.GOOD, 0, 0));
        assertThat(
                        cluster()
                                .create(
                                        namespace(),
                                        here(
                                                JobManifest.suspended(
                                                        job.spec(),
                                                        job.identity(),
                                                        job.name(),
                                                        PodPolicy.STANDARD,
                                                        null))))
                .isInstanceOf(Cluster.Creation.Made.class);
        awaitCondition(job, "Suspended");
        assertThat(look(job).pods()).isEmpty();
    }

    @Test
    void shouldLeavePodsThatRunWhereEndedOnesAreDeleted() {
        Ours job = ours(meant(Meant.Kind.GOOD, 0, 300));
        create(job);
        PodSeen pod = awaitPod(job);
        cluster().deleteEndedPods(namespace(), job.identity().jobId());
        assertThat(look(job).pods()).extracting(PodSeen::uid).containsExactly(pod.uid());
        assertThat(look(job).pods().getFirst().deletionAt()).isNull();
    }

    @Test
    void shouldNotShowWhatIsAnotherInstallations() {
        Ours job = ours(meant(Meant.Kind.GOOD, 0, 300));
        Ours theirs =
                new Ours(
                        job.spec(),
                        new JobIdentity(UUID.randomUUID(), job.identity().jobId(), 1, "hash"),
                        job.name());
        create(theirs);
        await(() -> theirPods(theirs) > 0);
        assertThat(look(job).job()).as("the name is taken").isNotNull();
        assertThat(look(job).pods()).isEmpty();
        assertThat(cluster().lookAtAll()).doesNotContainKey(job.identity().jobId());
    }

    @Test
    void shouldEndPodsThatWereGivenALongGraceAndOnlyThose() {
        Ours job = ours(meant(Meant.Kind.GOOD, 0, 300));
        Map<String, @Nullable Object> patient =
                with(
                        manifest(job),
                        LONG_GRACE,
                        "spec",
                        "template",
                        "spec",
                        "terminationGracePeriodSeconds");
        JobSeen made = ((Cluster.Creation.Made) cluster().create(namespace(), patient)).job();
        await(() -> look(job).pods().stream().anyMatch(pod -> pod.startedAt().isPresent()));
        cluster().delete(namespace(), job.name(), made.uid());
        await(() -> look(job).pods().stream().allMatch(pod -> pod.deletionAt() != null));
        cluster().endPods(namespace(), job.identity().jobId(), "another", Duration.ofSeconds(1));
        assertThat(look(job).pods()).hasSize(1);
        cluster().endPods(namespace(), job.identity().jobId(), made.uid(), Duration.ofSeconds(1));
        await(() -> look(job).job() == null);
        cluster().endPods(namespace(), job.identity().jobId(), made.uid(), Duration.ofSeconds(1));
    }

    @Test
    void shouldShowTheSameJobWhoeverTakesItsLabelsOff() {
        Ours job = ours(meant(Meant.Kind.GOOD, 0, 300));
        JobSeen made = create(job);
        PodSeen pod = awaitPod(job);
        takeOurLabelsOff(job.name());
        Look after = look(job);
        assertThat(after.job().uid()).isEqualTo(made.uid());
        assertThat(after.job().owner()).as("nobody says whose it is").isNull();
        assertThat(after.job().deletionAt()).isNull();
        assertThat(after.pods()).extracting(PodSeen::uid).containsExactly(pod.uid());
        assertThat(cluster().lookAtAll()).doesNotContainKey(job.identity().jobId());
        assertThat(cluster().delete(namespace(), job.name(), made.uid())).isFalse();
        await(() -> look(job).job() == null);
    }

    /** And the annotations of that Job, past the port. */
    abstract void takeOurLabelsOff(String job);

    /** Seen past the port, which shows only ours. */
    abstract int podsOf(JobId id, UUID installation);

    private int theirPods(Ours theirs) {
        return podsOf(theirs.identity().jobId(), theirs.identity().installation());
    }

    @Test
    void shouldAlwaysBeTheSameCluster() {
        assertThat(cluster().identity()).isEqualTo(cluster().identity()).isNotBlank();
    }
}
