package io.windlass.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.windlass.cluster.Cluster;
import io.windlass.cluster.ClusterSettings;
import io.windlass.job.Decider;
import io.windlass.job.Drift;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobIdentity;
import io.windlass.job.JobSeen;
import io.windlass.job.JobSpecReader;
import io.windlass.job.JobSpecTree;
import io.windlass.job.JobState;
import io.windlass.job.Look;
import io.windlass.job.PodPolicies;
import io.windlass.job.PodSeen;
import io.windlass.job.Rules;
import io.windlass.json.Json;
import io.windlass.messages.Installation;
import io.windlass.messages.Message;
import io.windlass.migrations.Migrations;
import io.windlass.service.Loops;
import io.windlass.service.Machine;
import io.windlass.service.Tracing;
import io.windlass.store.Admissions;
import io.windlass.store.Checks;
import io.windlass.store.Database;
import io.windlass.store.DatabaseSettings;
import io.windlass.store.Heartbeats;
import io.windlass.store.NewJob;
import io.windlass.store.PostgresDrifts;
import io.windlass.store.Progressions;
import io.windlass.store.Submissions;
import io.windlass.testing.TestDatabase;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A list of all takes its time, and what is told meanwhile is younger. */
class ReconcilerTest {
    private static final Installation OURS =
            new Installation(UUID.randomUUID(), "a key of some length", List.of());
    private static final long LISTED_AT = 40;
    private static final String HERE = "the one";
    private static final JobSeen.Condition COMPLETE =
            new JobSeen.Condition("Complete", true, "CompletionsReached", "", Instant.now());

    private final Decider decider = new Decider(Rules.DEFAULT, OURS.id());
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Map<JobId, Look> listed = new HashMap<>();
    private final List<String> deleted = new ArrayList<>();
    private final AtomicInteger loads = new AtomicInteger();
    private Runnable meanwhile = () -> {};
    private Database database;
    private TestDatabase test;
    private Progressions progressions;
    private Inbox inbox;
    private Reconciler reconciler;

    @BeforeEach
    void open() {
        test = TestDatabase.migrated(Migrations::apply);
        database = new Database(test.settings(DatabaseSettings::new));
        progressions = Progressions.on(database);
        Checks checks = Checks.on(database);
        Cluster cluster =
                (Cluster)
                        Proxy.newProxyInstance(
                                Cluster.class.getClassLoader(),
                                new Class<?>[] {Cluster.class},
                                (proxy, method, arguments) ->
                                        switch (method.getName()) {
                                            case "identity" -> HERE;
                                            case "delete" -> deleted.add((String) arguments[2]);
                                            default -> list();
                                        });
        Machine machine = new Machine.Real();
        ChecksSettings settings =
                new ChecksSettings(
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(5),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(30),
                        4,
                        Duration.ofSeconds(15),
                        Duration.ofMinutes(10));
        Hands hands =
                new Hands(
                        cluster,
                        checks,
                        new Manifests(checks, OURS, PodPolicies.STANDARD),
                        settings,
                        machine,
                        Tracing.OFF,
                        metrics);
        Wakeups wakeups = new Wakeups();
        ClusterSettings named = new ClusterSettings("local", null, null, List.of());
        ClusterGate gate =
                new ClusterGate(cluster, Heartbeats.on(database), named, wakeups, null, metrics);
        gate.runOnce();
        inbox = new Inbox(progressions, decider, hands, wakeups, machine, metrics);
        reconciler =
                new Reconciler(
                        cluster,
                        named,
                        checks,
                        new PostgresDrifts(database),
                        wakeups,
                        counting(),
                        inbox,
                        gate,
                        new Loops(),
                        settings,
                        machine,
                        metrics);
    }

    @AfterEach
    void close() {
        database.close();
        test.close();
    }

    private Progressions counting() {
        return new Progressions() {
            @Override
            public <T> T inTransaction(Work<T> work) {
                loads.incrementAndGet();
                return progressions.inTransaction(work);
            }
        };
    }

    private Map<JobId, Look> list() {
        Map<JobId, Look> shown = Map.copyOf(listed);
        meanwhile.run();
        return shown;
    }

    private static JobSeen seen(JobId id, long guard, JobSeen.Condition... conditions) {
        return new JobSeen(
                "default",
                JobIdentity.kubernetesName("one", id, 1),
                "uid-" + id,
                guard,
                new JobSeen.Owner(OURS.id().toString(), id.toString(), 1, "hash"),
                null,
                List.of(conditions));
    }

    private static PodSeen pod(JobId id, String uid, long guard, String phase) {
        Instant started = Instant.parse("2026-01-01T00:00:00Z");
        PodSeen.Ended end =
                phase.equals("Running") ? null : new PodSeen.Ended(0, "Completed", "", null);
        return new PodSeen(
                "pod-" + uid,
                uid,
                guard,
                1,
                phase,
                "",
                "",
                "node",
                null,
                false,
                null,
                true,
                PodSeen.Told.NOTHING,
                List.of(new PodSeen.ContainerSeen("main", "busybox", null, started, end)),
                new PodSeen.Owner("default", "uid-" + id));
    }

    /** Its pod is listed as it runs. */
    private JobId running() {
        var spec =
                ((JobSpecReader.Result.Read)
                                JobSpecReader.read(
                                        Map.of("name", "one", "image", "busybox"), "local"))
                        .spec();
        JobId id = JobId.at(System.currentTimeMillis(), new Random());
        Submissions.on(database)
                .store(
                        List.of(
                                new NewJob(
                                        id,
                                        spec,
                                        Json.canonical(JobSpecTree.of(spec)),
                                        "hash",
                                        "tester",
                                        null,
                                        null,
                                        null,
                                        null)));
        new Admissions(progressions, decider)
                .admit("local", new Admissions.Bounds(100, 100, 100, 100));
        inbox.handle(
                List.of(
                        new Message.JobObserved(id, seen(id, 20), false),
                        new Message.PodObserved(id, pod(id, "a", 30, "Running"))));
        listed.put(id, Look.listed(seen(id, 20), List.of(pod(id, "a", 30, "Running")), LISTED_AT));
        return id;
    }

    private Job load(JobId id) {
        return progressions.load(id).orElseThrow();
    }

    private void decided(JobId id, Input input) {
        Job job = load(id);
        assertThat(
                        progressions.write(
                                new Progressions.Step(
                                        job, decider.decide(job, input, Instant.now()))))
                .isTrue();
    }

    private double differ(Drift kind) {
        return metrics.get("windlass.status.drift").tag("kind", kind.name()).gauge().value();
    }

    private double differ() {
        return metrics.get("windlass.status.drift").gauges().stream()
                .mapToDouble(gauge -> gauge.value())
                .sum();
    }

    private boolean isLookedAt(JobId id) {
        return load(id).progress().lookWantedAt() != null;
    }

    @Test
    void shouldLeaveAloneWhatIsAsItsRowSays() {
        JobId id = running();
        Job before = load(id);
        reconciler.runOnce();
        assertThat(load(id)).isEqualTo(before);
        assertThat(differ()).isZero();
    }

    @Test
    void shouldWriteNothingOfAListThatHasBeenOvertaken() {
        JobId id = running();
        meanwhile =
                () -> {
                    inbox.handle(
                            List.of(
                                    new Message.PodObserved(id, pod(id, "a", 45, "Succeeded")),
                                    new Message.JobObserved(id, seen(id, 46, COMPLETE), false)));
                    decided(id, new Input.Looked(Look.NOTHING));
                };
        reconciler.runOnce();
        Job settled = load(id);
        assertThat(settled.progress().settled()).isTrue();
        assertThat(settled.pods()).singleElement().extracting("phase").isEqualTo("Succeeded");
        int version = settled.version();
        int strays =
                database.transaction(handle ->
                        handle.createQuery(
                                        "select count(*) from job_event where reason = 'StrayFound'")
                                .mapTo(Integer.class)
                                .one());
        assertThat(strays).isZero();
        assertThat(isLookedAt(id)).as("that is a reason to look, not to delete").isTrue();
        assertThat(differ()).as("the list was older").isZero();
        decided(id, new Input.Looked(Look.NOTHING).answering(settled.progress().lookWantedAt()));
        assertThat(load(id).version()).isEqualTo(version);
        assertThat(isLookedAt(id)).isFalse();
    }

    @Test
    void shouldNotSayThatAPodIsGoneThatIsYoungerThanTheList() {
        JobId id = running();
        meanwhile =
                () ->
                        inbox.handle(
                                List.of(new Message.PodObserved(id, pod(id, "b", 41, "Running"))));
        reconciler.runOnce();
        assertThat(load(id).pods()).extracting("phase").containsOnly("Running");
        assertThat(isLookedAt(id)).isFalse();
    }

    @Test
    void shouldCompareAJobOfManyPodsWithEachThatIsListed() {
        JobId id = running();
        List<PodSeen> pods =
                IntStream.range(0, 50)
                        .mapToObj(n -> pod(id, "p" + n, 31 + n, "Succeeded"))
                        .toList();
        inbox.handle(pods.stream().<Message>map(pod -> new Message.PodObserved(id, pod)).toList());
        List<PodSeen> there = new ArrayList<>(pods);
        there.add(pod(id, "a", 30, "Running"));
        listed.put(id, Look.listed(seen(id, 20), there, 100));
        reconciler.runOnce();
        assertThat(differ()).isZero();
        assertThat(isLookedAt(id)).isFalse();
        there.add(pod(id, "untold", 90, "Succeeded"));
        listed.put(id, Look.listed(seen(id, 20), there, 100));
        reconciler.runOnce();
        assertThat(differ(Drift.PODS)).isOne();
        assertThat(isLookedAt(id)).isTrue();
    }

    @Test
    void shouldNotLoadWhatIsKnownOfManyJobsOfManyPodsAtOnce() {
        for (int i = 0; i < 3; i++) {
            JobId id = JobId.at(System.currentTimeMillis(), new Random());
            listed.put(
                    id,
                    Look.listed(
                            seen(id, 20),
                            Collections.nCopies(2_000, pod(id, "p", 30, "Succeeded")),
                            LISTED_AT));
        }
        reconciler.runOnce();
        assertThat(loads).hasValue(3);
    }

    @Test
    void shouldCountWhatDiffersAndHaveItLookedAt() {
        JobId ended = running();
        JobId went = running();
        JobId stranger = JobId.at(System.currentTimeMillis(), new Random());
        listed.put(
                ended,
                Look.listed(
                        seen(ended, 38, COMPLETE),
                        List.of(pod(ended, "a", 37, "Succeeded")),
                        LISTED_AT));
        listed.remove(went);
        listed.put(stranger, Look.listed(seen(stranger, 20), List.of(), LISTED_AT));
        reconciler.runOnce();
        assertThat(differ(Drift.END_NOT_NOTED)).isOne();
        assertThat(differ(Drift.MISSING_JOB)).isOne();
        assertThat(differ(Drift.UNKNOWN_JOB)).isOne();
        assertThat(differ()).isEqualTo(3);
        assertThat(isLookedAt(ended)).isTrue();
        assertThat(isLookedAt(went)).isTrue();
        assertThat(load(ended).state()).as("a look decides").isEqualTo(JobState.RUNNING);
        decided(
                ended,
                new Input.Looked(new Look(seen(ended, 38, COMPLETE), List.of()))
                        .answering(load(ended).progress().lookWantedAt()));
        decided(went, new Input.Looked(Look.NOTHING));
        listed.remove(stranger);
        reconciler.runOnce();
        assertThat(differ(Drift.END_NOT_NOTED)).isZero();
        assertThat(differ(Drift.UNKNOWN_JOB)).isZero();
    }

    @Test
    void shouldNotSayThatAStrangerIsLeftOver() {
        JobId id = running();
        decided(id, new Input.Looked(new Look(seen(id, 38, COMPLETE), List.of())));
        decided(id, new Input.Looked(Look.NOTHING));
        assertThat(load(id).progress().settled()).isTrue();
        JobSeen its = seen(id, 50);
        JobSeen copy = new JobSeen("other", its.name(), "a-uid", 50, its.owner(), null, List.of());
        listed.put(id, Look.listed(copy, List.of(), LISTED_AT));
        reconciler.runOnce();
        assertThat(differ()).isZero();
        assertThat(isLookedAt(id)).isFalse();
        assertThat(metrics.get(Inbox.FOREIGN).counter().count()).isOne();
    }

    /** Its row knows that no list can have it; it is looked at all the same. */
    @Test
    void shouldNotMissAJobWhoseLabelsSomebodyTookAway() {
        JobId id = running();
        JobSeen its = seen(id, 40);
        JobSeen bare = new JobSeen("default", its.name(), its.uid(), 40, null, null, List.of());
        PodSeen pod = pod(id, "a", 30, "Running");
        decided(id, new Input.Looked(new Look(bare, List.of(pod))));
        assertThat(load(id).progress().marks().changedSince()).isNotNull();
        listed.remove(id);
        reconciler.runOnce();
        assertThat(isLookedAt(id)).isTrue();
        assertThat(differ()).isZero();
    }

    /** Its answer stays, and whether its Job may go is for people to say. */
    @Test
    void shouldLeaveAloneWhatRunsOnInAClusterThatWasLostAndFound() {
        settledAsLostIn(HERE);
        reconciler.runOnce();
        assertThat(differ(Drift.LEFT_ALONE)).isOne();
        assertThat(differ()).isOne();
        assertThat(deleted).isEmpty();
    }

    @Test
    void shouldDeleteWhatAFrozenCreatorMadeInTheNextCluster() {
        JobId id = settledAsLostIn("another");
        reconciler.runOnce();
        assertThat(deleted).containsExactly("uid-" + id);
        assertThat(differ()).isZero();
    }

    /** A list of this cluster has its Job. */
    private JobId settledAsLostIn(String identity) {
        JobId id = running();
        decided(id, new Input.Looked(new Look(seen(id, 38, COMPLETE), List.of())));
        decided(id, new Input.Looked(Look.NOTHING));
        database.inTransaction(handle ->
                handle.createUpdate(
                                "update job_state set cluster_identity = :lost, lost_identity ="
                                        + " :lost where job_id = :id")
                        .bind("lost", identity)
                        .bind("id", id.value())
                        .execute());
        assertThat(load(id).isLeftInALostCluster()).isTrue();
        listed.put(id, Look.listed(seen(id, 50), List.of(), LISTED_AT));
        return id;
    }
}
