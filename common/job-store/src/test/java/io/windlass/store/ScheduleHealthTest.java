package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Input;
import io.windlass.job.JobId;
import io.windlass.job.JobSeen;
import io.windlass.schedule.Account.Cause;
import io.windlass.schedule.Account.Verdict;
import io.windlass.store.ScheduleHealth.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is known of how the jobs of a schedule end, and what is made of it. */
class ScheduleHealthTest extends OnPostgres {
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    private Schedules schedules;
    private Ledger ledger;
    private final UUID id = UUID.randomUUID();

    @BeforeEach
    void make() {
        schedules = new Schedules(database);
        ledger = new Ledger(database, decider);
        schedules.create(
                new Schedules.NewSchedule(
                        id,
                        "default",
                        "nightly",
                        "local",
                        null,
                        Map.of("every", "1h"),
                        Map.of(),
                        false,
                        "tester"));
    }

    private NewJob runOfIt() {
        NewJob run = runOf(id, null);
        submissions.store(List.of(run));
        return run;
    }

    private void fail(JobId id) {
        end(id, new Input.CreateRefused(Input.Refusal.SPEC_INVALID, "no"));
    }

    private void succeed(JobId id) {
        admissions.admit("local", ROOM);
        JobSeen.Condition complete =
                new JobSeen.Condition("Complete", true, "r", "m", Instant.now());
        end(id, new Input.JobObserved(seen(load(id), complete)));
    }

    private void cancel(JobId id) {
        assertThat(progressions.write(step(load(id), new Input.CancelRequested("tester"))))
                .isTrue();
        assertThat(progressions.write(step(load(id), new Input.Due()))).isTrue();
        assertThat(load(id).state().terminal()).isTrue();
    }

    private void end(JobId id, Input input) {
        admissions.admit("local", ROOM);
        assertThat(progressions.write(step(load(id), input))).isTrue();
        assertThat(load(id).state().terminal()).isTrue();
    }

    private ScheduleHealth health() {
        return schedules.find("default", "nightly").orElseThrow().health();
    }

    private List<Trouble> troubles() {
        List<TroubledSchedule> found = schedules.inTrouble(null, 3, 10);
        return found.isEmpty() ? List.of() : found.getFirst().health().troubles(Instant.now(), 3);
    }

    private void look(@Nullable Instant overdueAt, Ledger.Line... lines) {
        ledger.account(
                10,
                (due, now) ->
                        new Ledger.Posting(id, List.of(lines), List.of(), now, now, overdueAt));
    }

    @Test
    void shouldCountFailuresInARowUntilASuccess() {
        for (int i = 0; i < 3; i++) {
            assertThat(troubles()).isEmpty();
            fail(runOfIt().id());
        }
        assertThat(health().failures()).isEqualTo(3);
        assertThat(health().lastFailure()).isEqualTo("SPEC_INVALID");
        assertThat(troubles()).containsExactly(Trouble.FAILING);
        cancel(runOfIt().id());
        assertThat(health().failures()).as("that counts neither way").isEqualTo(3);
        succeed(runOfIt().id());
        assertThat(health().failures()).isZero();
        assertThat(health().lastSuccessAt()).isNotNull();
        assertThat(health().took()).isNotNull().isLessThan(Duration.ofMinutes(1));
        assertThat(troubles()).isEmpty();
    }

    @Test
    void shouldTellOfMissedInstantsUntilASuccess() {
        Ledger.Line missed =
                new Ledger.Line(
                        LONG_AGO,
                        LONG_AGO.plusSeconds(3_600),
                        2,
                        Verdict.MISSED,
                        Cause.LATE,
                        "late",
                        null,
                        null);
        look(null, missed);
        assertThat(health().missed()).isEqualTo(2);
        assertThat(troubles()).containsExactly(Trouble.MISSED);
        succeed(runOfIt().id());
        assertThat(troubles()).isEmpty();
    }

    @Test
    void shouldTellOfASuccessThatDoesNotCome() {
        look(LONG_AGO);
        assertThat(troubles()).containsExactly(Trouble.OVERDUE);
        succeed(runOfIt().id());
        assertThat(troubles()).as("one has come since").isEmpty();
        look(Instant.now().plusSeconds(3_600));
        assertThat(troubles()).isEmpty();
        look(LONG_AGO);
        assertThat(troubles()).as("and none since then").containsExactly(Trouble.OVERDUE);
        assertThat(schedules.inTrouble(List.of("other"), 3, 10)).isEmpty();
    }

    /** They are up to 256 KiB each, and whoever asks for troubles asks for many. */
    @Test
    void shouldTellOfTroublesWithoutReadingDefinitions() {
        look(LONG_AGO);
        database.inTransaction(handle ->
                handle.execute("alter table schedule rename column definition_text to not_read"));
        assertThat(troubles()).containsExactly(Trouble.OVERDUE);
    }

    @Test
    void shouldKnowWhereARunHasEndedLately() {
        assertThat(schedules.endedWithin(Duration.ofMinutes(1))).isEmpty();
        NewJob run = runOfIt();
        assertThat(schedules.endedWithin(Duration.ofMinutes(1))).isEmpty();
        cancel(run.id());
        assertThat(schedules.endedWithin(Duration.ofMinutes(1)))
                .map(Schedules.StoredSchedule::id)
                .containsExactly(id);
        assertThat(schedules.endedWithin(Duration.ZERO)).isEmpty();
    }

    @Test
    void shouldOutliveItsSchedule() {
        NewJob job = runOfIt();
        schedules.delete(id);
        fail(job.id());
        assertThat(load(job.id()).state().terminal()).isTrue();
    }
}
