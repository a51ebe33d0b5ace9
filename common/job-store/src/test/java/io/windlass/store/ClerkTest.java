package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.job.JobId;
import io.windlass.job.PodPolicies;
import io.windlass.schedule.Accountant;
import io.windlass.schedule.Calendar;
import io.windlass.schedule.Keep;
import io.windlass.schedule.ScheduleReader;
import io.windlass.schedule.Zones;
import io.windlass.store.Schedules.StoredSchedule;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a look at a schedule comes to, beside its lines. */
class ClerkTest extends OnPostgres {
    private final Clerk clerk =
            new Clerk(
                    new Accountant(new Accountant.Rules(Duration.ofSeconds(30), 100)),
                    Zones.ofJdk(),
                    PodPolicies.STANDARD,
                    at -> JobId.at(millis++, random));
    private Schedules schedules;
    private Ledger ledger;

    @BeforeEach
    void openLedger() {
        schedules = new Schedules(database);
        ledger = new Ledger(database, decider);
    }

    private StoredSchedule create(String timing, String value, boolean paused) {
        Map<String, @Nullable Object> definition = new LinkedHashMap<>();
        definition.put(timing, value);
        definition.put("job", Map.of("image", "busybox:1.36", "timeout", "5m"));
        definition.put("keep", Map.of("succeeded", BigDecimal.ONE));
        schedules.create(
                new Schedules.NewSchedule(
                        UUID.randomUUID(),
                        "default",
                        "s",
                        "local",
                        null,
                        definition,
                        Map.of(),
                        paused,
                        "tester"));
        return stored();
    }

    private StoredSchedule stored() {
        return schedules.find("default", "s").orElseThrow();
    }

    @Test
    void shouldSayWhenASuccessIsMissedUnlessItIsPaused() {
        Instant made = create("every", "1h", false).changedAt();
        Clerk.Round round = clerk.withRoomFor(10);
        ledger.account(10, round);
        Instant second = made.truncatedTo(ChronoUnit.HOURS).plus(2, ChronoUnit.HOURS);
        assertThat(stored().health().overdueAt())
                .as("two instants, two runs as long as they may be, and a minute")
                .isEqualTo(second.plus(Duration.ofMinutes(11)));
        assertThat(round.kept()).containsEntry(stored().id(), new Keep(1, 10, Duration.ofDays(30)));
        schedules.delete(stored().id());
        create("every", "1h", true);
        ledger.account(10, clerk.withRoomFor(10));
        assertThat(stored().health().overdueAt()).isNull();
    }

    @Test
    void shouldSayInTheLedgerWhatTheClocksDid() {
        Map<String, @Nullable Object> definition =
                new LinkedHashMap<>(create("cron", "30 2 * * *", false).definition());
        schedules.delete(stored().id());
        definition.put("timeZone", "Europe/Berlin");
        definition.put("catchUp", Map.of("all", BigDecimal.TEN));
        UUID id = UUID.randomUUID();
        schedules.create(
                new Schedules.NewSchedule(
                        id, "default", "s", "local", null, definition, Map.of(), false, "tester"));
        database.inTransaction(handle ->
                handle.execute(
                        "update schedule set accounted_until = '2027-03-26T12:00:00Z', next_due = '2027-03-27T00:00:00Z'"));
        Ledger then =
                Ledger.simulated(database, decider, () -> Instant.parse("2027-03-28T12:00:00Z"));
        then.account(10, clerk.withRoomFor(10));
        List<Ledger.Run> runs = then.runs(id, null, 10);
        assertThat(runs).hasSize(2);
        assertThat(runs.getFirst().plannedAt()).isEqualTo("2027-03-28T01:00:00Z");
        assertThat(runs.getFirst().message()).contains("does not exist");
        assertThat(runs.getLast().message()).isNull();
    }

    @Test
    void shouldLookOnceADayThoughNothingIsDueForYears() {
        StoredSchedule stored = create("cron", "0 0 29 2 *", false);
        ledger.account(10, clerk.withRoomFor(10));
        assertThat(stored().nextDue())
                .isBetween(
                        stored.createdAt().plus(Duration.ofHours(12)),
                        stored.createdAt().plus(Duration.ofHours(25)));
    }

    @Test
    void shouldLeaveOneThatItCannotCopeWithAndGoOnWithTheOthers() {
        StoredSchedule stored = create("every", "1s", false);
        Clerk poisoned =
                new Clerk(
                        new Accountant(new Accountant.Rules(Duration.ofSeconds(30), 100)),
                        zone -> {
                            throw new IllegalStateException("of a test");
                        },
                        PodPolicies.STANDARD,
                        at -> JobId.at(millis++, random));
        assertThat(ledger.account(10, poisoned.withRoomFor(10)).schedules()).isEqualTo(1);
        assertThat(stored().nextDue()).isAfter(stored.createdAt().plusSeconds(30));
        assertThat(stored().accountedUntil()).isEqualTo(stored.accountedUntil());
    }

    @Test
    void shouldRefuseToChangeWhatItDoesNotGetThrough() {
        StoredSchedule stored = create("every", "1s", true);
        database.inTransaction(handle ->
                handle.execute(
                        "update schedule set accounted_until = accounted_until - interval '9 days'"));
        Calendar same =
                ((ScheduleReader.Result.Read)
                                ScheduleReader.read(stored.tree(), "local", Zones.ofJdk()))
                        .calendar();
        ScheduleChanges changes = new ScheduleChanges(database, ledger);
        assertThatThrownBy(() ->
                        changes.replace(
                                stored.id(),
                                1,
                                clerk.handingOver(one -> same),
                                one -> {
                                    throw new AssertionError("nothing may be changed");
                                }))
                .isInstanceOf(Clerk.BehindException.class)
                .hasMessage("default/s");
    }
}
