package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.JobState;
import io.windlass.schedule.Account.Cause;
import io.windlass.schedule.Account.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Schedules and their ledger as rows. */
class LedgerTest extends OnPostgres {
    private static final Instant NOON = Instant.parse("2027-01-01T12:00:00Z");
    private static final Instant ONE = NOON.plusSeconds(3_600);

    private Schedules schedules;
    private Ledger ledger;
    private ScheduleChanges changes;

    @BeforeEach
    void openLedger() {
        schedules = new Schedules(database);
        ledger = new Ledger(database, decider);
        changes = new ScheduleChanges(database, ledger);
    }

    @Test
    void shouldWriteALineItsJobAndWhereItThenStandsOrNothing() {
        UUID id = create("nightly");
        NewJob job = runOf(id, NOON);
        Ledger.Round round =
                ledger.account(
                        10,
                        (due, now) ->
                                posting(due, List.of(submitted(job)), NOON, now.plusSeconds(60)));
        assertThat(round.made()).containsExactly(job);
        assertThat(load(job.id()).state()).isEqualTo(JobState.QUEUED);
        assertThat(jobs.find(job.id()).orElseThrow())
                .satisfies(stored -> {
                    assertThat(stored.scheduleId()).isEqualTo(id);
                    assertThat(stored.plannedAt()).isEqualTo(NOON);
                });
        assertThat(ledger.runs(id, null, 10))
                .containsExactly(
                        new Ledger.Run(
                                NOON,
                                NOON,
                                1,
                                Verdict.SUBMITTED,
                                null,
                                null,
                                Duration.ZERO,
                                job.id(),
                                "QUEUED"));
        assertThat(schedules.find("default", "nightly").orElseThrow().accountedUntil())
                .isEqualTo(NOON);
        assertThat(ledger.account(10, LedgerTest::unexpected).schedules()).isZero();
    }

    @Test
    void shouldGiveNoInstantTwoVerdicts() {
        UUID id = create("nightly");
        NewJob first = runOf(id, NOON);
        ledger.account(10, (due, now) -> posting(due, List.of(submitted(first)), NOON, now));
        NewJob second = runOf(id, NOON);
        Ledger.Round round =
                ledger.account(
                        10, (due, now) -> posting(due, List.of(submitted(second)), NOON, now));
        assertThat(round.setAside()).isEqualTo(1);
        assertThat(schedules.find("default", "nightly").orElseThrow().health().setAside().error())
                .contains("has its verdict already");
        assertThat(progressions.load(second.id())).isEmpty();
        assertThat(ledger.runs(id, null, 10)).hasSize(1);
    }

    @Test
    void shouldLetNobodyElseAtAScheduleWhileItIsAccountedFor() throws Exception {
        create("a");
        create("b");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);
        List<String> first = new ArrayList<>();
        Thread other =
                Thread.ofVirtual()
                        .start(() ->
                                ledger.account(
                                        1,
                                        (due, now) -> {
                                            first.add(due.schedule().name());
                                            inside.countDown();
                                            await(looked);
                                            return posting(due, List.of(), NOON, null);
                                        }));
        await(inside);
        List<String> second = new ArrayList<>();
        ledger.account(
                10,
                (due, now) -> {
                    second.add(due.schedule().name());
                    return posting(due, List.of(), NOON, null);
                });
        looked.countDown();
        other.join();
        assertThat(first).hasSize(1);
        assertThat(second).hasSize(1).doesNotContainAnyElementsOf(first);
    }

    @Test
    void shouldTellWhatHasNotEndedAndEndItWhereItIsReplaced() {
        UUID id = create("nightly");
        NewJob job = runOf(id, NOON);
        ledger.account(10, (due, now) -> posting(due, List.of(submitted(job)), NOON, now));
        NewJob next = runOf(id, ONE);
        Ledger.Round round =
                ledger.account(
                        10,
                        (due, now) -> {
                            assertThat(due.unfinished()).containsExactly(job.id());
                            return new Ledger.Posting(
                                    id,
                                    List.of(submitted(next)),
                                    due.unfinished(),
                                    ONE,
                                    null,
                                    null);
                        });
        assertThat(round.replaced()).map(replaced -> replaced.id()).containsExactly(job.id());
        assertThat(load(job.id()).progress().desired().isRun()).isFalse();
        assertThat(load(next.id()).progress().desired().isRun()).isTrue();
    }

    @Test
    void shouldLetAnInstantWaitAndThenHaveItsVerdict() {
        UUID id = create("nightly");
        Ledger.Line waits = new Ledger.Line(NOON, NOON, 1, Verdict.WAITING, null, null, null, null);
        ledger.account(10, (due, now) -> posting(due, List.of(waits), NOON, now));
        NewJob job = runOf(id, NOON);
        ledger.account(
                10,
                (due, now) -> {
                    assertThat(due.waiting()).containsExactly(NOON);
                    return posting(due, List.of(submitted(job)), NOON, now);
                });
        assertThat(ledger.runs(id, null, 10))
                .map(Ledger.Run::verdict)
                .containsExactly(Verdict.SUBMITTED);
    }

    @Test
    void shouldCoverManyMissesWithOneLine() {
        UUID id = create("nightly");
        Ledger.Line missed =
                new Ledger.Line(NOON, ONE, 61, Verdict.MISSED, Cause.LATE, "late", null, null);
        ledger.account(10, (due, now) -> posting(due, List.of(missed), ONE, null));
        assertThat(ledger.runs(id, null, 10))
                .containsExactly(
                        new Ledger.Run(
                                NOON,
                                ONE,
                                61,
                                Verdict.MISSED,
                                Cause.LATE,
                                "late",
                                null,
                                null,
                                null));
        assertThat(ledger.runs(id, NOON, 10)).isEmpty();
    }

    @Test
    void shouldSayHowLongNobodyHasToLook() {
        Ledger atNoon = Ledger.simulated(database, decider, () -> NOON);
        assertThat(atNoon.untilNextDue()).isEmpty();
        create("nightly");
        assertThat(ledger.untilNextDue())
                .hasValueSatisfying(rest -> assertThat(rest).isLessThanOrEqualTo(Duration.ZERO));
        ledger.account(10, (due, now) -> posting(due, List.of(), NOON, ONE));
        assertThat(atNoon.untilNextDue()).contains(Duration.ofHours(1));
    }

    @Test
    void shouldAccountForAScheduleBeforeItBecomesAnother() {
        UUID id = create("nightly");
        Ledger.Line changed =
                new Ledger.Line(
                        NOON, NOON, 1, Verdict.MISSED, Cause.CHANGED, "changed", null, null);
        Schedules.StoredSchedule replaced =
                changes.replace(
                                id,
                                1,
                                (due, now) -> posting(due, List.of(changed), now, now),
                                stored -> schedule(id, "ignored", Map.of("every", "1h"), true))
                        .orElseThrow()
                        .schedule();
        assertThat(replaced.version()).isEqualTo(2);
        assertThat(replaced.name()).isEqualTo("nightly");
        assertThat(replaced.definition()).isEqualTo(Map.of("every", "1h"));
        assertThat(replaced.paused()).isTrue();
        assertThat(ledger.runs(id, null, 10)).map(Ledger.Run::cause).containsExactly(Cause.CHANGED);
        assertThat(changes.replace(id, 1, LedgerTest::unexpected, stored -> schedule(id, "x")))
                .as("another was faster")
                .isEmpty();
    }

    @Test
    void shouldListByName() {
        List.of("c", "a", "b").forEach(this::create);
        assertThat(schedules.list(all(null), null, 2))
                .map(Schedules.StoredSchedule::name)
                .containsExactly("a", "b");
        assertThat(schedules.list(all("default"), new Schedules.After("default", "b"), 2))
                .map(Schedules.StoredSchedule::name)
                .containsExactly("c");
        assertThat(schedules.list(all("other"), null, 2)).isEmpty();
    }

    @Test
    void shouldTakeANameOnceAndForgetTheLedgerWithItsSchedule() {
        UUID id = create("nightly");
        assertThat(schedules.create(schedule(UUID.randomUUID(), "nightly"))).isFalse();
        NewJob job = runOf(id, NOON);
        ledger.account(10, (due, now) -> posting(due, List.of(submitted(job)), NOON, now));
        assertThat(schedules.delete(id)).isTrue();
        assertThat(schedules.delete(id)).isFalse();
        assertThat(ledger.runs(id, null, 10)).isEmpty();
        assertThat(load(job.id()).state()).isEqualTo(JobState.QUEUED);
    }

    private static Schedules.Filter all(@Nullable String namespace) {
        return new Schedules.Filter(namespace == null ? null : List.of(namespace), null, Map.of());
    }

    private static Ledger.Posting unexpected(Ledger.Due due, Instant now) {
        throw new AssertionError(due.schedule().name());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private UUID create(String name) {
        UUID id = UUID.randomUUID();
        assertThat(schedules.create(schedule(id, name))).isTrue();
        return id;
    }

    private static Schedules.NewSchedule schedule(UUID id, String name) {
        return schedule(id, name, Map.of("cron", "0 * * * *"), false);
    }

    private static Schedules.NewSchedule schedule(
            UUID id, String name, Map<String, @Nullable Object> definition, boolean paused) {
        return new Schedules.NewSchedule(
                id,
                "default",
                name,
                "local",
                "periodics",
                definition,
                Map.of("team", "a"),
                paused,
                "tester");
    }

    private static Ledger.Posting posting(
            Ledger.Due due, List<Ledger.Line> lines, Instant until, @Nullable Instant nextDue) {
        return new Ledger.Posting(due.schedule().id(), lines, List.of(), until, nextDue, null);
    }
}
