package io.windlass.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.windlass.cluster.Cluster;
import io.windlass.cluster.ClusterAwayException;
import io.windlass.cluster.ClusterSettings;
import io.windlass.job.Decider;
import io.windlass.job.Drift;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobIdentity;
import io.windlass.job.JobSeen;
import io.windlass.job.Look;
import io.windlass.job.PodPolicies;
import io.windlass.job.PodSeen;
import io.windlass.job.Rules;
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
import io.windlass.store.PostgresDrifts;
import io.windlass.store.Progressions;
import io.windlass.testing.TestDatabase;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A reconciler on a database, and a list of all as a test writes it. */
abstract class WithReconciler {
    static final Installation OURS =
            new Installation(UUID.randomUUID(), "a key of some length", List.of());
    static final long LISTED_AT = 40;
    static final String HERE = "the one";
    static final JobSeen.Condition COMPLETE =
            new JobSeen.Condition("Complete", true, "CompletionsReached", "", Instant.now());

    final Decider decider = new Decider(Rules.DEFAULT, OURS.id());
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final Map<JobId, Look> listed = new HashMap<>();
    final List<String> deleted = new ArrayList<>();
    final AtomicInteger loads = new AtomicInteger();
    boolean refusesDeletions;
    Runnable meanwhile = () -> {};
    Database database;
    TestDatabase test;
    Progressions progressions;
    Inbox inbox;
    Reconciler reconciler;

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
                                            case "delete" -> delete((String) arguments[2]);
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

    Progressions counting() {
        return new Progressions() {
            @Override
            public <T> T inTransaction(Work<T> work) {
                loads.incrementAndGet();
                return progressions.inTransaction(work);
            }
        };
    }

    boolean delete(String uid) {
        deleted.add(uid);
        if (refusesDeletions) {
            throw new ClusterAwayException("a webhook did not answer", Duration.ZERO, null);
        }
        return false;
    }

    Map<JobId, Look> list() {
        Map<JobId, Look> shown = Map.copyOf(listed);
        meanwhile.run();
        return shown;
    }

    static JobSeen seen(JobId id, long guard, JobSeen.Condition... conditions) {
        return new JobSeen(
                "default",
                JobIdentity.kubernetesName("one", id, 1),
                "uid-" + id,
                guard,
                new JobSeen.Owner(OURS.id().toString(), id.toString(), 1, "hash"),
                null,
                List.of(conditions));
    }

    static PodSeen pod(JobId id, String uid, long guard, String phase) {
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
    JobId running() {
        JobId id = SubmittedJobs.one(database, new Random());
        new Admissions(progressions, decider)
                .admit("local", new Admissions.Bounds(100, 100, 100, 100));
        inbox.handle(
                List.of(
                        new Message.JobObserved(id, seen(id, 20), false),
                        new Message.PodObserved(id, pod(id, "a", 30, "Running"))));
        listed.put(id, Look.listed(seen(id, 20), List.of(pod(id, "a", 30, "Running")), LISTED_AT));
        return id;
    }

    Job load(JobId id) {
        return progressions.load(id).orElseThrow();
    }

    void decided(JobId id, Input input) {
        Job job = load(id);
        assertThat(
                        progressions.write(
                                new Progressions.Step(
                                        job, decider.decide(job, input, Instant.now()))))
                .isTrue();
    }

    double differ(Drift kind) {
        return metrics.get("windlass.status.drift").tag("kind", kind.name()).gauge().value();
    }

    double differ() {
        return metrics.get("windlass.status.drift").gauges().stream()
                .mapToDouble(gauge -> gauge.value())
                .sum();
    }

    boolean isLookedAt(JobId id) {
        return load(id).progress().lookWantedAt() != null;
    }
}
