package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.JobId;
import io.windlass.job.PodPolicies;
import io.windlass.schedule.Accountant;
import io.windlass.schedule.Zones;
import io.windlass.store.ScheduleHealth.Trouble;
import io.windlass.store.Schedules.StoredSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A schedule that fails alone waits alone: its row says so, and it is tried again. */
class ScheduleSetAsideTest extends OnPostgres {
    private static final Instant FAR = Instant.parse("+300000-01-01T00:00:00Z");

    private final Clerk clerk =
            new Clerk(
                    new Accountant(new Accountant.Rules(Duration.ofDays(1), 100)),
                    Zones.ofJdk(),
                    PodPolicies.STANDARD,
                    at -> JobId.at(millis++, random));

    private UUID due(String name) {
        UUID id = UUID.randomUUID();
        Map<String, @Nullable Object> definition = new LinkedHashMap<>();
        definition.put("every", "1m");
        definition.put("job", Map.of("image", "busybox:1.36", "timeout", "5m"));
        new Schedules(database)
                .create(
                        new Schedules.NewSchedule(
                                id,
                                "default",
                                name,
                                "local",
                                null,
                                definition,
                                Map.of(),
                                false,
                                "tester"));
        makeDue(id);
        return id;
    }

    private void makeDue(UUID id) {
        execute(
                """
                update schedule set accounted_until = clock_timestamp() - interval '3 minutes',
                    next_due = clock_timestamp() - interval '1 minute' where id = '%s'
                """
                        .formatted(id));
    }

    private void execute(String sql) {
        database.inTransaction(handle -> handle.execute(sql));
    }

    private StoredSchedule find(String name) {
        return new Schedules(database).find("default", name).orElseThrow();
    }

    /** As after a restart: nothing is remembered but by the rows. */
    private Ledger.Round account(Ledger.Accounting accounting) {
        return new Ledger(database, decider).account(200, accounting);
    }

    /** No row takes what it says of one. */
    private Ledger.Accounting spoiling(UUID spoiled) {
        Clerk.Round round = clerk.withRoomFor(100);
        return (due, now) -> {
            Ledger.Posting posting = round.of(due, now);
            return posting.schedule().equals(spoiled)
                    ? new Ledger.Posting(
                            spoiled, posting.lines(), List.of(), posting.accountedUntil(), now, FAR)
                    : posting;
        };
    }

    @Test
    void shouldWaitAloneTwiceAsLongEachTimeAndBeginAgainOnceItIsMended() {
        UUID spoiled = due("spoiled");
        UUID one = due("one");
        Duration before = Duration.ZERO;
        for (int tries = 1; tries <= 8; tries++) {
            Ledger.Round round = account(spoiling(spoiled));
            assertThat(round.setAside()).isEqualTo(1);
            StoredSchedule stored = find("spoiled");
            ScheduleSetAside aside = stored.health().setAside();
            assertThat(aside).isNotNull();
            assertThat(aside.tries()).isEqualTo(tries);
            assertThat(aside.error()).contains("22008");
            Duration wait = Duration.between(Instant.now(), stored.nextDue());
            assertThat(wait)
                    .isBetween(
                            Duration.ofSeconds(tries == 8 ? 3_500 : 50L << Math.min(6, tries - 1)),
                            Duration.ofHours(1))
                    .isGreaterThanOrEqualTo(tries > 7 ? Duration.ZERO : before);
            before = wait;
            assertThat(account(spoiling(spoiled)).schedules()).as("it waits").isZero();
            makeDue(spoiled);
        }
        assertThat(new Ledger(database, decider).runs(one, null, 10)).isNotEmpty();
        assertThat(new Schedules(database).inTrouble(null, 3, 10))
                .extracting(TroubledSchedule::name)
                .containsExactly("spoiled");
        assertThat(find("spoiled").health().troubles(Instant.now(), 3))
                .containsExactly(Trouble.SET_ASIDE);

        assertThat(account(clerk.withRoomFor(100)).setAside()).isZero();
        assertThat(find("spoiled").health().setAside()).isNull();
        assertThat(new Ledger(database, decider).runs(spoiled, null, 10)).isNotEmpty();
    }

    @Test
    void shouldMakeTheJobsOfTheOthersThoughOneHasTakenAllTheRoom() {
        UUID spoiled = due("spoiled");
        execute(
                "update schedule set next_due = next_due - interval '1 hour' where id = '%s'"
                        .formatted(spoiled));
        UUID one = due("one");
        Clerk.Round round = clerk.withRoomFor(1);
        account(
                new Ledger.Accounting() {
                    @Override
                    public Ledger.Posting of(Ledger.Due due, Instant now) {
                        Ledger.Posting posting = round.of(due, now);
                        return posting.schedule().equals(spoiled)
                                ? new Ledger.Posting(
                                        spoiled,
                                        posting.lines(),
                                        List.of(),
                                        posting.accountedUntil(),
                                        now,
                                        FAR)
                                : posting;
                    }

                    @Override
                    public void begin() {
                        round.begin();
                    }
                });
        assertThat(new Ledger(database, decider).runs(one, null, 10)).isNotEmpty();
    }

    @Test
    void shouldSetAsideWhatCannotBeReadAndSayWhy() {
        UUID spoiled = due("spoiled");
        execute(
                "update schedule set definition = '{\"n\": 1e200}', version = version + 1 where id = '%s'"
                        .formatted(spoiled));
        assertThat(account(clerk.withRoomFor(100)).setAside()).isEqualTo(1);
        ScheduleSetAside aside = find("spoiled").health().setAside();
        assertThat(aside).isNotNull();
        assertThat(aside.error()).contains("it cannot be read").contains("number");
    }

    /** Else nobody could mend it. */
    @Test
    void shouldBecomeAnotherThoughItsInstantsCannotBeAccountedFor() {
        UUID spoiled = due("spoiled");
        account(spoiling(spoiled));
        StoredSchedule stored = find("spoiled");
        Map<String, @Nullable Object> definition = new LinkedHashMap<>(stored.definition());
        definition.put("every", "2m");
        ScheduleChanges changes = new ScheduleChanges(database, new Ledger(database, decider));
        assertThat(
                        changes.replace(
                                spoiled,
                                stored.version(),
                                spoiling(spoiled),
                                now ->
                                        new Schedules.NewSchedule(
                                                spoiled,
                                                "default",
                                                "spoiled",
                                                "local",
                                                null,
                                                definition,
                                                Map.of(),
                                                false,
                                                "tester")))
                .isPresent();
        assertThat(find("spoiled").definition()).containsEntry("every", "2m");
        assertThat(account(clerk.withRoomFor(100)).setAside()).isZero();
    }
}
