package io.windlass.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.windlass.cluster.Cluster;
import io.windlass.cluster.ClusterSettings;
import io.windlass.job.Decider;
import io.windlass.job.Decision;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobIdentity;
import io.windlass.job.JobSeen;
import io.windlass.job.JobState;
import io.windlass.job.Look;
import io.windlass.job.PodPolicies;
import io.windlass.job.PodSeen;
import io.windlass.job.Rules;
import io.windlass.messages.Installation;
import io.windlass.messages.Message;
import io.windlass.migrations.Migrations;
import io.windlass.service.Machine;
import io.windlass.service.Tracing;
import io.windlass.store.Admissions;
import io.windlass.store.Checks;
import io.windlass.store.Database;
import io.windlass.store.DatabaseSettings;
import io.windlass.store.Heartbeats;
import io.windlass.store.Progressions;
import io.windlass.store.RowTroubles;
import io.windlass.testing.TestDatabase;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A look takes its time, and a watch may be faster. */
class SweepLookTest {
    private static final Installation OURS =
            new Installation(UUID.randomUUID(), "a key of some length", List.of());
    private final Decider decider = new Decider(Rules.DEFAULT, OURS.id());
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Machine machine = new Machine.Real();

    /** What the cluster shows, look by look; each may be overtaken by a watch. */
    private final Queue<Look> looks = new ArrayDeque<>();

    private Database database;
    private TestDatabase test;
    private Progressions progressions;
    private Inbox inbox;
    private Sweep sweep;
    private Runnable meanwhile = () -> {};
    private String answering = "the one";
    private JobId spoiled;

    @BeforeEach
    void open() {
        test = TestDatabase.migrated(Migrations::apply);
        database = new Database(test.settings(DatabaseSettings::new));
        progressions = Progressions.on(database);
        Cluster cluster =
                (Cluster)
                        Proxy.newProxyInstance(
                                Cluster.class.getClassLoader(),
                                new Class<?>[] {Cluster.class},
                                (proxy, method, arguments) ->
                                        method.getName().equals("identity")
                                                ? answering
                                                : look(method.getName(), arguments));
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
        Checks checks = Checks.on(database);
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
        sweep =
                new Sweep(
                        checks,
                        progressions,
                        decider,
                        hands,
                        cluster,
                        gate,
                        settings,
                        named,
                        wakeups,
                        null,
                        machine,
                        metrics);
    }

    @AfterEach
    void close() {
        database.close();
        test.close();
    }

    private Object look(String method, Object[] arguments) {
        if (!method.equals("look")) {
            return false;
        }
        if (looks.isEmpty()) {
            JobId id = (JobId) arguments[2];
            if (id.equals(spoiled)) {
                throw new IllegalStateException("of a test");
            }
            return new Look(succeeded(id), List.of());
        }
        meanwhile.run();
        return looks.remove();
    }

    private JobId startedJob() {
        JobId id = SubmittedJobs.one(database, new Random(3));
        new Admissions(progressions, decider)
                .admit("local", new Admissions.Bounds(100, 100, 100, 100));
        return id;
    }

    private static JobSeen seen(JobId id) {
        return new JobSeen(
                "default",
                JobIdentity.kubernetesName("one", id, 1),
                "uid",
                5,
                new JobSeen.Owner(OURS.id().toString(), id.toString(), 1, "hash"),
                Instant.now(),
                List.of());
    }

    private static JobSeen succeeded(JobId id) {
        return new JobSeen(
                "default",
                JobIdentity.kubernetesName("one", id, 1),
                "uid-" + id,
                6,
                new JobSeen.Owner(OURS.id().toString(), id.toString(), 1, "hash"),
                null,
                List.of(new JobSeen.Condition("Complete", true, "r", "m", Instant.now())));
    }

    @Test
    void shouldCheckTheOthersBesideOneThatCannotBeLookedAt() throws Exception {
        List<JobId> ids = threeThatAreDue();
        spoiled = ids.getFirst();
        othersEnd(ids);
    }

    @Test
    @Tag("slow")
    void shouldCheckTheOthersBesideOneThatCannotBeWritten() throws Exception {
        List<JobId> ids = threeThatAreDue();
        database.inTransaction(handle -> {
            handle.execute(
                    "create function refuse() returns trigger language plpgsql as"
                            + " 'begin raise exception ''this row cannot be written''; end'");
            handle.execute(
                    "create trigger refuse before update on job_state for each row when"
                            + " (new.state = 'SUCCEEDED' and new.job_id = '"
                            + ids.getFirst()
                            + "') execute function refuse()");
        });
        othersEnd(ids);
    }

    /** Whoever checks it next, after a restart too, knows it from its row. */
    @Test
    void shouldSetAsideInItsRowWhatCannotBeChecked() throws Exception {
        List<JobId> ids = threeThatAreDue();
        spoiled = ids.getFirst();
        othersEnd(ids);
        assertThat(aside()).singleElement().extracting("tries").isEqualTo(1);
        assertThat(metrics.get("windlass.set.aside").tag("where", "checks").counter().count())
                .isOne();
        assertThat(progressions.load(spoiled).orElseThrow().progress().nextCheckAt())
                .as("longer than a lease")
                .isAfter(Instant.now().plusSeconds(45));
        inbox.handle(List.of(new Message.CancelRequested(spoiled, "tester")));
        assertThat(progressions.load(spoiled).orElseThrow().progress().dueAt())
                .as("what is told of it is handled as always")
                .isBefore(Instant.now().plusSeconds(1));
        sweep.runOnce();
        Awaitility.await().until(this::idle);
        assertThat(aside())
                .singleElement()
                .satisfies(told -> {
                    assertThat(told.tries()).isEqualTo(2);
                    assertThat(told.error()).contains("of a test");
                });
        spoiled = null;
        database.inTransaction(handle ->
                handle.execute(
                        "update job_state set next_check_at = clock_timestamp(), look_wanted_at = null"
                                + " where not settled"));
        sweep.runOnce();
        Awaitility.await().until(this::idle);
        assertThat(aside()).as("the first success clears it").isEmpty();
    }

    private List<RowTroubles.Trouble> aside() {
        return new RowTroubles(database).rows(null, 9);
    }

    private List<JobId> threeThatAreDue() {
        List<JobId> ids = List.of(startedJob(), startedJob(), startedJob());
        for (JobId id : ids) {
            JobSeen runs =
                    new JobSeen(
                            "default",
                            JobIdentity.kubernetesName("one", id, 1),
                            "uid-" + id,
                            5,
                            new JobSeen.Owner(OURS.id().toString(), id.toString(), 1, "hash"),
                            null,
                            List.of());
            inbox.handle(List.of(new Message.JobObserved(id, runs, false)));
        }
        database.inTransaction(handle ->
                handle.execute(
                        "update job_state set next_check_at = clock_timestamp() - interval '1 minute'"));
        return ids;
    }

    private void othersEnd(List<JobId> ids) throws InterruptedException {
        sweep.runOnce();
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(ids.subList(1, ids.size()))
                                .allSatisfy(id ->
                                        assertThat(progressions.load(id).orElseThrow().state())
                                                .isEqualTo(JobState.SUCCEEDED)));
        assertThat(progressions.load(ids.getFirst()).orElseThrow().state())
                .isNotEqualTo(JobState.SUCCEEDED);
        Awaitility.await("no slot is lost").until(this::idle);
    }

    private static PodSeen pod(long guard) {
        return new PodSeen(
                "pod",
                "pod-uid",
                guard,
                1,
                "Pending",
                "",
                "",
                null,
                null,
                false,
                null,
                false,
                PodSeen.Told.NOTHING,
                List.of(),
                new PodSeen.Owner("default", "uid"));
    }

    /** As a version before may have stored it; no POST of it was ever made. */
    @Test
    void shouldEndAJobWhoseSpecNobodyCanRead() throws Exception {
        JobId id = startedJob();
        database.inTransaction(handle ->
                handle.execute("update job set spec = '{\"n\": 1e200}', spec_text = null"));
        sweep.run(progressions.load(id).orElseThrow(), null, Instant.now());
        Job ended = progressions.load(id).orElseThrow();
        assertThat(ended.state()).isEqualTo(JobState.FAILED);
        assertThat(ended.progress().reason()).isEqualTo("SPEC_INVALID");
        assertThat(metrics.get(EndedJobs.NAME).tag("reason", "SPEC_INVALID").counter().count())
                .as("answers that looks give are counted as well")
                .isOne();
        assertThat(ended.progress().message()).contains("a number too long");
        assertThat(ended.progress().mayHaveRun()).isFalse();
    }

    @Test
    void shouldNotForgetHowAPodEndedBecauseALookHadBegunBefore() throws Exception {
        JobId id = startedJob();
        inbox.handle(
                List.of(
                        new Message.JobObserved(id, seen(id), false),
                        new Message.PodObserved(id, pod(6)),
                        new Message.CancelRequested(id, "tester")));
        meanwhile = () -> inbox.handle(List.of(new Message.PodObserved(id, pod(9).atItsEnd())));
        looks.add(new Look(seen(id), List.of(pod(7))));
        looks.add(Look.NOTHING);
        Job job = progressions.load(id).orElseThrow();
        sweep.run(job, null, Instant.now());
        Job ended = progressions.load(id).orElseThrow();
        assertThat(ended.state()).isEqualTo(JobState.CANCELLED);
        assertThat(ended.progress().mayHaveRun()).isFalse();
    }

    /** A pod that was made after the look had begun. */
    @Test
    void shouldNotSayThatAPodIsGoneThatIsYoungerThanTheLook() throws Exception {
        JobId id = startedJob();
        inbox.handle(List.of(new Message.JobObserved(id, job(id, 5), false)));
        meanwhile =
                () -> {
                    meanwhile = () -> {};
                    inbox.handle(List.of(new Message.PodObserved(id, pod(9))));
                };
        looks.add(new Look(job(id, 5), List.of(), true, List.of(), Map.of(), 7));
        looks.add(new Look(job(id, 5), List.of(pod(9)), true, List.of(), Map.of(), 9));
        sweep.run(progressions.load(id).orElseThrow(), null, Instant.now());
        assertThat(progressions.load(id).orElseThrow().pods())
                .singleElement()
                .extracting("phase")
                .isEqualTo("Pending");
        assertThat(looks).isEmpty();
    }

    /** What a look that began earlier shows says nothing about what was told since. */
    @Test
    void shouldLookAgainWhereALookIsOvertakenByADemand() throws Exception {
        JobId id = startedJob();
        JobSeen runs = job(id, 5);
        inbox.handle(List.of(new Message.JobObserved(id, runs, false)));
        database.inTransaction(
                handle -> handle.execute("update job_state set next_check_at = clock_timestamp()"));
        JobSeen failed =
                job(id, 8, new JobSeen.Condition("Failed", true, "BackoffLimitExceeded", "", null));
        meanwhile =
                () -> {
                    meanwhile = () -> {};
                    inbox.handle(List.of(new Message.JobObserved(id, failed, false)));
                };
        looks.add(new Look(runs, List.of()));
        looks.add(new Look(failed, List.of()));
        sweep.runOnce();
        Awaitility.await().until(() -> looks.size() == 1 && idle());
        assertThat(progressions.load(id).orElseThrow().state()).isEqualTo(JobState.STARTING);
        sweep.runOnce();
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(progressions.load(id).orElseThrow().state())
                                .isEqualTo(JobState.FAILED));
        assertThat(progressions.load(id).orElseThrow().progress().lookWantedAt()).isNull();
    }

    /** The gate remembers the one that was there before. */
    @Test
    void shouldNotBelieveThatAJobIsGoneWhereAnotherClusterAnswers() throws Exception {
        JobId id = startedJob();
        inbox.handle(List.of(new Message.JobObserved(id, job(id, 5), false)));
        answering = "another";
        looks.add(Look.NOTHING);
        sweep.run(progressions.load(id).orElseThrow(), null, Instant.now());
        assertThat(progressions.load(id).orElseThrow().progress().missingSince()).isNull();
        answering = "the one";
        looks.add(Look.NOTHING);
        sweep.run(progressions.load(id).orElseThrow(), null, Instant.now());
        assertThat(progressions.load(id).orElseThrow().progress().missingSince()).isNotNull();
    }

    /** Its creation came to no answer, so it is looked for; a watch tells of it meanwhile. */
    @Test
    void shouldNotSayThatPodsAreGoneByALookThatBeganBeforeTheirJobWasTold() throws Exception {
        JobId id = startedJob();
        claim(id, Duration.ZERO);
        write(id, new Input.CreateUnknown("timed out"));
        meanwhile =
                () -> {
                    meanwhile = () -> {};
                    inbox.handle(
                            List.of(
                                    new Message.JobObserved(id, job(id, 5), false),
                                    new Message.PodObserved(id, pod(6))));
                };
        looks.add(Look.NOTHING);
        looks.add(new Look(job(id, 5), List.of(pod(7))));
        sweep.run(progressions.load(id).orElseThrow(), null, Instant.now());
        assertThat(looks).as("the Job that was told is looked at").isEmpty();
        Job told = progressions.load(id).orElseThrow();
        assertThat(told.pods()).singleElement().extracting("phase").isEqualTo("Pending");
        assertThat(told.version()).as("nothing was told in between").isEqualTo(4);
    }

    /** What it showed may be in the next cluster, and the name is not taken there yet. */
    @Test
    void shouldNotSettleByALookThatBeganBeforeTheDeclaration() throws Exception {
        JobId id = startedJob();
        claim(id, Duration.ofMinutes(1));
        Instant silence = Instant.now().minusSeconds(60);
        inbox.handle(List.of(new Message.JobObserved(id, job(id, 5), false)));
        meanwhile =
                () -> {
                    write(id, new Input.ClusterLost(answering, "an operator", silence));
                    database.inTransaction(handle ->
                            handle.execute(
                                    "update job_state set lost_identity = cluster_identity"));
                };
        looks.add(new Look(job(id, 5), List.of()));
        sweep.run(progressions.load(id).orElseThrow(), null, Instant.now());
        Job lost = progressions.load(id).orElseThrow();
        assertThat(lost.progress().reason()).isEqualTo("CLUSTER_LOST");
        assertThat(lost.progress().settled()).isFalse();
    }

    private void claim(JobId id, Duration lasts) {
        Job job = progressions.load(id).orElseThrow();
        assertThat(Checks.on(database).claim(job, UUID.randomUUID(), answering, lasts)).isPresent();
    }

    private void write(JobId id, Input input) {
        boolean written =
                progressions.inTransaction(batch -> {
                    Job job = batch.loadLocked(List.of(id)).get(id);
                    Decision decision = decider.decide(job, input, batch.now());
                    return batch.write(List.of(new Progressions.Step(job, decision))).isEmpty();
                });
        assertThat(written).isTrue();
    }

    private boolean idle() {
        return metrics.get("windlass.checks.in.flight").gauge().value() == 0;
    }

    private static JobSeen job(JobId id, long guard, JobSeen.Condition... conditions) {
        return new JobSeen(
                "default",
                JobIdentity.kubernetesName("one", id, 1),
                "uid",
                guard,
                new JobSeen.Owner(OURS.id().toString(), id.toString(), 1, "hash"),
                null,
                List.of(conditions));
    }

    @Test
    void shouldBelieveASecondLookThatAPodIsBack() throws Exception {
        JobId id = startedJob();
        inbox.handle(
                List.of(
                        new Message.JobObserved(id, seen(id), false),
                        new Message.PodObserved(id, pod(9).atItsEnd()),
                        new Message.CancelRequested(id, "tester")));
        Look restored = new Look(seen(id), List.of(pod(7)));
        looks.addAll(List.of(restored, restored));
        sweep.run(progressions.load(id).orElseThrow(), null, Instant.now());
        assertThat(looks).isEmpty();
        assertThat(progressions.load(id).orElseThrow().pods())
                .singleElement()
                .extracting("phase")
                .isEqualTo("Pending");
    }
}
