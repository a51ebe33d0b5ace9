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
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(feed.ofJob(old)).as("its lines of the feed, a while longer").hasSize(3);
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

    @Test
    void shouldKeepAKeyLongerThanItsJob() {
        NewJob.IdempotencyKey key = new NewJob.IdempotencyKey("key", "body");
        NewJob first = newJob("keyed", Map.of(), key);
        submissions.store(List.of(first));
        end(first.id());
        assertThat(retention.delete(List.of(first.id()))).isEqualTo(1);
        assertThat(submissions.store(List.of(newJob("keyed", Map.of(), key))))
                .as("what is sent again after the answer was lost does not run again")
                .containsExactly(new Submissions.Outcome.SameAsBefore(first.id()));
    }

    private void execute(String sql) {
        database.inTransaction(handle -> handle.execute(sql));
    }

    private long number(String sql) {
        return database.statement(h -> h.createQuery(sql).mapTo(Long.class).one());
    }

    /** Pods, and logs in pieces. */
    private void hangOn(JobId id, int pods, int pieces) {
        execute(
                """
                insert into job_pod (job_id, attempt, pod_uid, name, guard, phase)
                select '%1$s', 1, n::text, 'p', 1, 'Succeeded' from generate_series(1, %2$d) n;
                insert into log_pod (job_id, pod_uid, cluster, namespace, pod, nth, holder, address, lease_until)
                select '%1$s', 'u', 'local', 'default', 'p', 1, gen_random_uuid(), 'a', now();
                insert into log (job_id, pod_uid, container, ordinal, init, stored, sha256, closed_at)
                select '%1$s', 'u', 'main', 0, false, 1, 'x', now();
                insert into log_piece (log_id, from_byte, bytes, lines, last_nanos, stored, object_key)
                select l.id, n, 1, 1, 1, 1, n::text from log l, generate_series(1, %3$d) n where l.job_id = '%1$s'
                """
                        .formatted(id, pods, pieces));
    }

    /** How many rows of a table each transaction deletes, from now on. */
    private void count(String table) {
        execute(
                """
                create table if not exists counted (transaction xid8);
                create or replace function count_rows() returns trigger language plpgsql as
                    'begin insert into counted values (pg_current_xact_id()); return null; end';
                create trigger counted after delete on %s for each row execute function count_rows();
                """
                        .formatted(table));
    }

    private long mostAtOnce() {
        return number(
                "select coalesce(max(n), 0) from (select count(*) as n from counted group by transaction) c");
    }

    @Test
    void shouldForgetAJobOfManyRowsAFewAtATime() {
        JobId big = settled("big");
        JobId small = settled("small");
        hangOn(big, 95, 72);
        hangOn(small, 3, 2);
        count("job_pod");
        count("log_piece");
        assertThat(new Retention(database, 20).delete(List.of(big, small))).isEqualTo(2);
        assertThat(rowsOf(big) + rowsOf(small)).isZero();
        assertThat(number("select count(*) from counted")).isEqualTo(95 + 72 + 3 + 2);
        assertThat(mostAtOnce()).isLessThanOrEqualTo(20);
    }

    @Test
    void shouldForgetNoMoreAtOnceThanItsRows() {
        List<JobId> ids = List.of(settled("a"), settled("b"), settled("c"), settled("d"));
        ids.forEach(id -> hangOn(id, 8, 0));
        count("job_pod");
        assertThat(new Retention(database, 20).delete(ids)).isEqualTo(4);
        assertThat(mostAtOnce()).isEqualTo(16);
    }

    @Test
    void shouldForgetAllThatItIsAskedToHoweverManyThatAre() {
        List<JobId> ids = IntStream.range(0, 45).mapToObj(i -> settled("job-" + i)).toList();
        assertThat(new Retention(database, 20).delete(ids)).isEqualTo(45);
        assertThat(number("select count(*) from job")).isZero();
    }

    /** As by {@code transaction_timeout}: it ends the connection with this state. */
    private void refuseMoreThanOne(String state) {
        execute(
                """
                create function refuse() returns trigger language plpgsql as $$
                begin
                    if (select count(*) from gone) > 1 then
                        raise exception 'too many at once' using errcode = '%s';
                    end if;
                    return null;
                end $$;
                create trigger refuse after delete on job referencing old table as gone
                    for each statement execute function refuse();
                """
                        .formatted(state));
    }

    @ParameterizedTest
    @ValueSource(strings = {"25P04", "57014"})
    void shouldForgetFewerAtOnceWhereItTakesTooLong(String state) {
        List<JobId> ids = List.of(settled("a"), settled("b"), settled("c"), settled("d"));
        refuseMoreThanOne(state);
        assertThat(retention.delete(ids)).isEqualTo(4);
        assertThat(ids).allMatch(id -> rowsOf(id) == 0);
    }

    @Test
    void shouldSetAsideWhatCannotBeForgottenUntilItsTimeComes() {
        JobId spoiled = settled("spoiled");
        JobId good = settled("good");
        execute(
                """
                create function refuse() returns trigger language plpgsql as
                    'begin raise exception ''this row cannot be deleted''; end';
                create trigger refuse before delete on job for each row when (old.id = '%s') execute function refuse();
                """
                        .formatted(spoiled));
        assertThat(retention.deleteExpired(Duration.ofDays(-1), 1)).isZero();
        assertThat(retention.setAside()).isEqualTo(1);
        Retention restarted = new Retention(database);
        assertThat(restarted.deleteExpired(Duration.ofDays(-1), 1))
                .as("its neighbour does not wait")
                .isEqualTo(1);
        assertThat(rowsOf(good)).isZero();
        assertThat(restarted.deleteExpired(Duration.ofDays(-1), 1)).isZero();
        assertThat(restarted.setAside()).as("not tried before its time").isZero();
        assertThat(
                        number(
                                "select count(*) from job_state where forget_error like '%cannot be deleted%'"))
                .isEqualTo(1);
        execute("drop trigger refuse on job");
        execute("update job_state set forget_at = clock_timestamp()");
        assertThat(restarted.deleteExpired(Duration.ofDays(-1), 1)).isEqualTo(1);
    }
}
