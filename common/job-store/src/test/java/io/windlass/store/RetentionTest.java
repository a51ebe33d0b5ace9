package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobState;
import io.windlass.schedule.Keep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is forgotten, and what never is. */
class RetentionTest extends OnPostgres {
    private static final Duration NO_TIME = Duration.ZERO;
    private static final Instant START = Instant.parse("2027-01-01T00:00:00Z");
    private Retention retention;

    @BeforeEach
    void retention() {
        retention = new Retention(database);
    }

    /** As a job is whose Kubernetes Job is gone. */
    private JobId settled(String name) {
        JobId id = submit(name);
        end(id);
        return id;
    }

    private void end(JobId id) {
        for (Input input : List.of(new Input.CancelRequested("tester"), new Input.Due())) {
            assertThat(progressions.write(step(load(id), input))).isTrue();
        }
        Job job = load(id);
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
        assertThat(job.progress().settled()).as("nothing was ever made for it").isTrue();
    }

    private void endedDaysAgo(JobId id, int days) {
        database.inTransaction(handle -> {
            // an ended row may not be changed, so the clock of the test is turned, not the code's
            handle.execute("alter table job_state disable trigger user");
            handle.createUpdate(
                            "update job_state set finished_at = finished_at - make_interval(days => :days)"
                                    + " where job_id = :id")
                    .bind("days", days)
                    .bind("id", id.value())
                    .execute();
            handle.execute("alter table job_state enable trigger user");
        });
    }

    private long rowsOf(JobId id) {
        return database.transaction(handle ->
                handle.createQuery(
                                """
                                select (select count(*) from job where id = :id)
                                    + (select count(*) from job_state where job_id = :id)
                                    + (select count(*) from job_event where job_id = :id)
                                    + (select count(*) from idempotency_key where job_id = :id)
                                """)
                        .bind("id", id.value())
                        .mapTo(Long.class)
                        .one());
    }

    @Test
    void shouldForgetAJobWithAllThatWasKnownOfIt() {
        JobId old = settled("old");
        JobId young = settled("young");
        endedDaysAgo(old, 31);
        assertThat(retention.deleteExpired(Duration.ofDays(30), 10)).isEqualTo(1);
        assertThat(rowsOf(old)).isZero();
        assertThat(rowsOf(young)).isPositive();
    }

    @Test
    void shouldKeepOfAScheduleWhatItKeepsAndItsLedgerWhole() {
        Schedules schedules = new Schedules(database);
        Ledger ledger = new Ledger(database, decider);
        UUID id = UUID.randomUUID();
        schedules.create(
                new Schedules.NewSchedule(
                        id, "default", "s", "local", null, Map.of(), Map.of(), false, "tester"));
        List<JobId> runs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            NewJob job = runOf(id, START.plusSeconds(i));
            ledger.account(
                    1,
                    (due, now) ->
                            new Ledger.Posting(
                                    id, List.of(submitted(job)), List.of(), now, now, null));
            end(job.id());
            runs.add(job.id());
        }
        assertThat(retention.deleteBeyond(Map.of(id, new Keep(3, 4, null)), 10)).isEqualTo(1);
        assertThat(rowsOf(runs.getFirst())).isZero();
        assertThat(retention.deleteBeyond(Map.of(id, new Keep(3, 1, null)), 2))
                .as("at once, but not more than so many in one transaction")
                .isEqualTo(2);
        assertThat(retention.deleteBeyond(Map.of(id, new Keep(3, 1, null)), 2)).isEqualTo(1);
        assertThat(rowsOf(runs.getLast())).isPositive();
        endedDaysAgo(runs.getLast(), 2);
        Keep forADay = new Keep(3, 10, Duration.ofDays(1));
        assertThat(retention.deleteBeyond(Map.of(id, forADay), 10)).isEqualTo(1);
        assertThat(ledger.runs(id, null, 10))
                .as("what became of each instant, and how its job ended")
                .hasSize(5)
                .map(Ledger.Run::jobState)
                .containsOnly("CANCELLED");
        JobId unfinished = plannedRun(ledger, id);
        assertThat(retention.deleteBeyond(Map.of(id, new Keep(0, 0, NO_TIME)), 10)).isZero();
        assertThat(rowsOf(unfinished)).isPositive();
    }

    private JobId plannedRun(Ledger ledger, UUID id) {
        NewJob job = runOf(id, START.plusSeconds(9));
        ledger.account(
                1,
                (due, now) ->
                        new Ledger.Posting(id, List.of(submitted(job)), List.of(), now, now, null));
        return job.id();
    }

    @Test
    void shouldNeverForgetAJobWhoseKubernetesJobMayStillBeThere() {
        Job ended = succeeded();
        assertThat(ended.progress().settled()).isFalse();
        endedDaysAgo(ended.id(), 365);
        assertThat(retention.deleteExpired(NO_TIME, 10)).isZero();
        assertThat(retention.delete(List.of(ended.id()))).isZero();
        assertThat(rowsOf(ended.id())).isPositive();
    }

    @Test
    void shouldNeverForgetAJobThatHasNotEnded() {
        JobId queued = submit("queued");
        assertThat(retention.deleteExpired(NO_TIME, 10)).isZero();
        assertThat(retention.delete(List.of(queued))).isZero();
    }

    @Test
    void shouldForgetTheOldestFirstAndNoMoreAtOnceThanItWasTold() {
        List<JobId> ids = List.of(settled("a"), settled("b"), settled("c"));
        for (int i = 0; i < ids.size(); i++) {
            endedDaysAgo(ids.get(i), 40 + i);
        }
        assertThat(retention.deleteExpired(Duration.ofDays(30), 2)).isEqualTo(2);
        assertThat(ids).filteredOn(id -> rowsOf(id) > 0).containsExactly(ids.getFirst());
    }

    @Test
    void shouldLetAKeyBeUsedAnewAfterItsTime() {
        NewJob.IdempotencyKey key = new NewJob.IdempotencyKey("key", "body");
        NewJob first = newJob("keyed", Map.of(), key);
        submissions.store(List.of(first));
        assertThat(retention.deleteExpiredKeys(Duration.ofDays(7), 10)).isZero();
        database.inTransaction(handle ->
                handle.execute(
                        "update idempotency_key set created_at = created_at - interval '8 days'"));
        assertThat(retention.deleteExpiredKeys(Duration.ofDays(7), 10)).isEqualTo(1);
        NewJob second = newJob("keyed", Map.of(), key);
        submissions.store(List.of(second));
        assertThat(rowsOf(second.id())).isPositive();
        assertThat(rowsOf(first.id())).as("the job itself is not forgotten").isPositive();
    }
}
