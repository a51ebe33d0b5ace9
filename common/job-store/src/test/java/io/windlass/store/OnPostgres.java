package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Decider;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobSeen;
import io.windlass.job.JobSpecReader;
import io.windlass.job.JobSpecTree;
import io.windlass.job.Rules;
import io.windlass.json.Json;
import io.windlass.migrations.Migrations;
import io.windlass.schedule.Account.Verdict;
import io.windlass.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The store on a real PostgreSQL, empty before each test. */
abstract class OnPostgres {
    static final UUID INSTALLATION = UUID.randomUUID();
    static final Admissions.Bounds ROOM = new Admissions.Bounds(1_000, 1_000, 1_000, 1_000);

    final Random random = new Random(7);
    final Decider decider = new Decider(Rules.DEFAULT, INSTALLATION);
    long millis = 1_800_000_000_000L;
    Database database;
    private TestDatabase test;
    Submissions submissions;
    Progressions progressions;
    Admissions admissions;
    Checks checks;
    EventFeed feed;
    Jobs jobs;

    @BeforeEach
    void open() {
        test = TestDatabase.migrated(Migrations::apply);
        database = new Database(test.settings(DatabaseSettings::new));
        submissions = Submissions.on(database);
        progressions = Progressions.on(database);
        admissions = new Admissions(progressions, decider);
        checks = Checks.on(database);
        feed = new EventFeed(database);
        jobs = new Jobs(database);
    }

    @AfterEach
    void close() {
        database.close();
        test.close();
    }

    NewJob newJob(String name, Map<String, Object> more, NewJob.IdempotencyKey key) {
        Map<String, Object> tree = new HashMap<>(more);
        tree.put("name", name);
        tree.put("image", "busybox:1.36");
        var spec = ((JobSpecReader.Result.Read) JobSpecReader.read(tree, "local")).spec();
        return new NewJob(
                JobId.at(millis++, random),
                spec,
                Json.canonical(JobSpecTree.of(spec)),
                "hash",
                "tester",
                null,
                null,
                key,
                null);
    }

    /** Of a schedule; for no instant where somebody ran it. */
    NewJob runOf(UUID schedule, @Nullable Instant plannedAt) {
        NewJob job = newJob("planned", Map.of(), null);
        return new NewJob(
                job.id(),
                job.spec(),
                job.specJson(),
                job.specHash(),
                job.submittedBy(),
                null,
                null,
                null,
                new NewJob.Origin(schedule, plannedAt));
    }

    static Ledger.Line submitted(NewJob job) {
        Instant at = Objects.requireNonNull(Objects.requireNonNull(job.origin()).plannedAt());
        return new Ledger.Line(at, at, 1, Verdict.SUBMITTED, null, null, Duration.ZERO, job);
    }

    JobId submit(String name) {
        return submit(name, Map.of());
    }

    JobId submit(String name, Map<String, Object> more) {
        NewJob job = newJob(name, more, null);
        submissions.store(List.of(job));
        return job.id();
    }

    Job load(JobId id) {
        return progressions.load(id).orElseThrow();
    }

    Progressions.Step step(Job job, Input input) {
        return new Progressions.Step(job, decider.decide(job, input, Instant.now()));
    }

    JobSeen seen(Job job, JobSeen.Condition... conditions) {
        return new JobSeen(
                "default",
                Objects.requireNonNullElse(job.progress().kubernetesName(), "n"),
                "uid-1",
                5,
                new JobSeen.Owner(INSTALLATION.toString(), job.id().toString(), 1, "hash"),
                null,
                List.of(conditions));
    }

    Job succeeded() {
        JobId id = submit("one");
        admissions.admit("local", ROOM);
        JobSeen done =
                seen(load(id), new JobSeen.Condition("Complete", true, "r", "m", Instant.now()));
        assertThat(progressions.write(step(load(id), new Input.JobObserved(done)))).isTrue();
        return load(id);
    }
}
