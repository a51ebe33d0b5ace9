package io.windlass.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.schedule.Account.Cause;
import io.windlass.schedule.Account.Entry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AccountantTest {
    private static final Instant NINE = Instant.parse("2027-01-01T09:00:00Z");
    private static final Instant NOON = Instant.parse("2027-01-01T12:00:00Z");
    private static final Schedule.When HOURLY = Schedules.cron("0 * * * *", "UTC");
    private static final Schedule.When EACH_SECOND = Schedules.cron("* * * * * *", "UTC");
    private static final Schedule.When MINUTELY = Schedules.cron("* * * * *", "UTC");

    private final Accountant accountant =
            new Accountant(new Accountant.Rules(Duration.ofSeconds(30), 3));

    @Test
    void shouldSubmitAnInstantThatHasJustCome() {
        Account account =
                account(schedule(HOURLY, new CatchUp.None()), at("10:59:59"), at("11:00:01"));
        assertThat(account)
                .isEqualTo(
                        new Account(
                                List.of(
                                        new Entry.Submit(
                                                at("11:00:00"), Duration.ofSeconds(1), false)),
                                at("11:00:00"),
                                Optional.of(NOON)));
    }

    @Test
    void shouldMissWhatNobodyWasThereForWithoutCatchUp() {
        Account account =
                account(schedule(MINUTELY, new CatchUp.None()), NINE, NOON.plusSeconds(10));
        assertThat(account.entries())
                .containsExactly(
                        new Entry.Without(at("09:01:00"), at("11:59:00"), 179, Cause.LATE),
                        new Entry.Submit(NOON, Duration.ofSeconds(10), false));
    }

    @Test
    void shouldCatchUpWithTheLatest() {
        Account account = account(schedule(HOURLY, new CatchUp.Latest()), NINE, at("12:20:00"));
        assertThat(account.entries())
                .containsExactly(
                        new Entry.Without(at("10:00:00"), at("11:00:00"), 2, Cause.SUPERSEDED),
                        new Entry.Submit(NOON, Duration.ofMinutes(20), false));
    }

    @Test
    void shouldCatchUpWithAsManyAsItSays() {
        Account account =
                account(schedule(MINUTELY, new CatchUp.All(100)), NINE, NOON.plusSeconds(40));
        assertThat(account.entries()).hasSize(101);
        assertThat(account.entries().getFirst())
                .isEqualTo(new Entry.Without(at("09:01:00"), at("10:20:00"), 80, Cause.SUPERSEDED));
        assertThat(account.entries().subList(1, 101))
                .allMatch(Entry.Submit.class::isInstance)
                .map(Entry::plannedAt)
                .isSorted();
    }

    @Test
    void shouldStartNothingAfterItsDeadline() {
        Schedule schedule =
                Schedules.of(
                        MINUTELY,
                        new CatchUp.All(100),
                        Concurrency.ALLOW,
                        Duration.ofMinutes(5),
                        false);
        Account account = account(schedule, NINE, NOON);
        assertThat(account.entries()).hasSize(7);
        assertThat(account.entries().getFirst())
                .isEqualTo(new Entry.Without(at("09:01:00"), at("11:54:00"), 174, Cause.DEADLINE));
    }

    @Test
    void shouldSkipWhatComesWhileItIsPaused() {
        Schedule schedule =
                Schedules.of(MINUTELY, new CatchUp.All(100), Concurrency.ALLOW, null, true);
        Account account = account(schedule, NINE, NOON);
        assertThat(account.entries())
                .containsExactly(new Entry.Without(at("09:01:00"), NOON, 180, Cause.PAUSED));
        assertThat(account.nextDue()).contains(NOON.plus(Duration.ofHours(1)));
    }

    @Test
    void shouldDoWithOneRunAtATimeAsItIsTold() {
        assertThat(entries(Concurrency.ALLOW, 1)).containsExactly("submit", "submit");
        assertThat(entries(Concurrency.FORBID, 0)).containsExactly("submit", "STILL_RUNNING");
        assertThat(entries(Concurrency.FORBID, 1)).containsExactly("STILL_RUNNING");
        assertThat(entries(Concurrency.REPLACE, 1)).containsExactly("REPLACED", "replace");
        assertThat(entries(Concurrency.REPLACE, 0)).containsExactly("REPLACED", "submit");
        assertThat(entries(Concurrency.QUEUE, 0)).containsExactly("submit", "wait");
        assertThat(entries(Concurrency.QUEUE, 1, "08:00:00", "09:00:00"))
                .containsExactly("wait", "QUEUE_FULL");
    }

    @Test
    void shouldLetWhoWaitedGoFirstWhenTheRunBeforeHasEnded() {
        assertThat(entries(Concurrency.QUEUE, 0, "08:00:00", "09:00:00"))
                .containsExactly("resolved: submit", "wait", "wait");
        assertThat(entries(Concurrency.QUEUE, 1, "08:00:00")).containsExactly("wait", "wait");
    }

    @Test
    void shouldLookAgainSoonWhileAnInstantWaits() {
        Schedule schedule =
                Schedules.of(
                        HOURLY, new CatchUp.None(), Concurrency.QUEUE, Duration.ofHours(1), false);
        Accountant.Standing standing =
                new Accountant.Standing(at("10:00:00"), 1, List.of(at("10:00:00")));
        assertThat(account(schedule, standing, at("10:30:00")))
                .isEqualTo(new Account(List.of(), at("10:00:00"), Optional.of(at("10:30:01"))));
        assertThat(account(schedule, standing, at("11:00:00")).entries())
                .containsExactly(new Entry.Wait(at("11:00:00")));
        assertThat(account(schedule, standing, at("11:00:01")).entries())
                .startsWith(
                        new Entry.Resolve(
                                new Entry.Without(
                                        at("10:00:00"), at("10:00:00"), 1, Cause.DEADLINE)));
    }

    @Test
    void shouldTakeALongAbsenceInSteps() {
        Schedule schedule = schedule(EACH_SECOND, new CatchUp.Latest());
        Instant dayLater = NINE.plus(Duration.ofDays(1));
        List<Entry> entries = new ArrayList<>();
        Instant until = NINE;
        int looks = 0;
        while (until.isBefore(dayLater)) {
            Account account = account(schedule, until, dayLater);
            entries.addAll(account.entries());
            until = account.accountedUntil();
            looks++;
        }
        assertThat(looks).isEqualTo(9);
        // on time are the last 30 seconds and the instant itself
        assertThat(entries.stream().filter(Entry.Submit.class::isInstance)).hasSize(31);
        assertThat(
                        entries.stream()
                                .filter(Entry.Without.class::isInstance)
                                .mapToInt(entry -> ((Entry.Without) entry).instants())
                                .sum())
                .isEqualTo(86_400 - 31);
    }

    @Test
    void shouldLeaveForTheNextLookWhatIsTooMuchForOne() {
        Schedule schedule = schedule(MINUTELY, new CatchUp.All(100));
        Calendar calendar = Schedules.calendar(schedule);
        List<Entry> entries = new ArrayList<>();
        Instant until = NINE;
        Instant now = NOON;
        for (int looks = 0; looks < 5; looks++) {
            Accountant.Standing standing = new Accountant.Standing(until, 0, List.of());
            Account account = accountant.account(schedule, calendar, standing, now, 30);
            entries.addAll(account.entries());
            until = account.accountedUntil();
            now = now.plusMillis(1);
        }
        assertThat(entries).hasSize(101);
        assertThat(entries.stream().filter(Entry.Submit.class::isInstance)).hasSize(100);
        assertThat(until).isEqualTo(NOON);
    }

    @Test
    void shouldAccountForWhatHadComeWhenAScheduleBecomesAnother() {
        Schedule schedule = schedule(MINUTELY, new CatchUp.All(100));
        Account account =
                handedOver(schedule, at("09:02:30"), schedule(HOURLY, new CatchUp.None()));
        assertThat(account.entries())
                .containsExactly(
                        new Entry.Submit(at("09:01:00"), Duration.ofSeconds(90), false),
                        new Entry.Submit(at("09:02:00"), Duration.ofSeconds(30), false));
        assertThat(account.accountedUntil()).isEqualTo(at("09:02:30"));
    }

    @Test
    void shouldSayWhatWentWithAChangeBeforeItWasDue() {
        Schedule delayed = delayed(Duration.ofHours(2));
        Instant due = Schedules.calendar(delayed).due(at("10:00:00"));
        Schedule prompt = schedule(HOURLY, new CatchUp.None());
        Account account = handedOver(delayed, due.minusMillis(1), prompt);
        assertThat(account.entries())
                .singleElement()
                .isInstanceOfSatisfying(
                        Entry.Without.class,
                        gone -> {
                            assertThat(gone.cause()).isEqualTo(Cause.CHANGED);
                            assertThat(gone.plannedAt()).isEqualTo(at("10:00:00"));
                        });
        assertThat(account.accountedUntil()).isEqualTo(due.minusMillis(1));
    }

    @Test
    void shouldLeaveToTheOtherWhatItIsInTimeFor() {
        Schedule delayed = delayed(Duration.ofHours(2));
        Instant due = Schedules.calendar(delayed).due(at("10:00:00"));
        Account account = handedOver(delayed, due.minusMillis(1), delayed);
        assertThat(account.entries()).isEmpty();
        assertThat(account.accountedUntil()).isBefore(at("10:00:00"));
    }

    @Test
    void shouldNotHandOverWhatOneLookDoesNotGetThrough() {
        Schedule schedule = schedule(EACH_SECOND, new CatchUp.Latest()).paused(true);
        Calendar calendar = Schedules.calendar(schedule);
        Accountant.Standing standing = new Accountant.Standing(NINE, 0, List.of());
        assertThat(
                        accountant.handOver(
                                schedule,
                                calendar,
                                standing,
                                NINE.plus(Duration.ofDays(9)),
                                100,
                                calendar))
                .isEmpty();
        assertThat(handedOver(schedule, NINE.plusSeconds(2), schedule).entries())
                .containsExactly(
                        new Entry.Without(
                                NINE.plusSeconds(1), NINE.plusSeconds(2), 2, Cause.PAUSED));
    }

    @Test
    void shouldMissASuccessOnceTwoInstantsAndTwoRunsHavePassed() {
        Calendar hourly = Schedules.calendar(schedule(HOURLY, new CatchUp.None()));
        assertThat(Accountant.overdue(hourly, at("09:10:00"), Duration.ofMinutes(10)))
                .contains(at("11:21:00"));
    }

    /** Of one that stands at nine. */
    private Account handedOver(Schedule schedule, Instant now, Schedule next) {
        return accountant
                .handOver(
                        schedule,
                        Schedules.calendar(schedule),
                        new Accountant.Standing(NINE, 0, List.of()),
                        now,
                        100,
                        Schedules.calendar(next))
                .orElseThrow();
    }

    /** Each hour, and acted upon some time after. */
    private static Schedule delayed(Duration jitter) {
        return schedule(
                new Schedule.When("0 * * * *", null, "UTC", jitter, null, null),
                new CatchUp.None());
    }

    @Test
    void shouldGiveTheSameLedgerHoweverOftenItLooks() {
        Schedule schedule = schedule(MINUTELY, new CatchUp.All(CatchUp.MOST));
        List<Entry> often = new ArrayList<>();
        Instant until = NINE;
        for (Instant now = NINE; !now.isAfter(NOON); now = now.plusSeconds(7)) {
            Account account = account(schedule, until, now);
            often.addAll(account.entries());
            until = account.accountedUntil();
        }
        assertThat(often)
                .map(Entry::plannedAt)
                .isEqualTo(
                        account(schedule, NINE, NOON.minusSeconds(1)).entries().stream()
                                .map(Entry::plannedAt)
                                .toList());
    }

    /** Rows keep microseconds, and what is cut off makes the same instant come again. */
    @Test
    void shouldNameNoInstantTwiceWhereItsRowKeepsMicroseconds() {
        for (int seed = 0; seed < 20; seed++) {
            Instant start = NINE.plusNanos(new Random(seed).nextInt(1_000_000_000));
            Schedule.When when =
                    new Schedule.When(
                            null, Duration.ofMinutes(1), "UTC", Duration.ZERO, start, null);
            Schedule schedule = schedule(when, new CatchUp.All(100));
            List<Instant> stored = new ArrayList<>();
            Instant until = NINE;
            for (int look = 1; look < 5; look++) {
                Account account = account(schedule, until, NINE.plusSeconds(90L * look));
                account.entries().stream()
                        .map(entry -> entry.plannedAt().truncatedTo(ChronoUnit.MICROS))
                        .forEach(stored::add);
                until = account.accountedUntil().truncatedTo(ChronoUnit.MICROS);
            }
            assertThat(stored).as("startAt " + start).doesNotHaveDuplicates();
        }
    }

    private static Schedule schedule(Schedule.When when, CatchUp catchUp) {
        return Schedules.of(when, catchUp);
    }

    private Account account(Schedule schedule, Instant until, Instant now) {
        return account(schedule, new Accountant.Standing(until, 0, List.of()), now);
    }

    private Account account(Schedule schedule, Accountant.Standing standing, Instant now) {
        return accountant.account(schedule, Schedules.calendar(schedule), standing, now, 20_000);
    }

    /** Of two hours that come at once. */
    private List<String> entries(Concurrency concurrency, int unfinished, String... waiting) {
        Schedule schedule = Schedules.of(HOURLY, new CatchUp.All(10), concurrency, null, false);
        List<Instant> before = Arrays.stream(waiting).map(AccountantTest::at).toList();
        return account(
                        schedule,
                        new Accountant.Standing(at("09:59:00"), unfinished, before),
                        at("11:00:00"))
                .entries()
                .stream()
                .map(AccountantTest::name)
                .toList();
    }

    private static String name(Entry entry) {
        return switch (entry) {
            case Entry.Submit submit -> submit.replaces() ? "replace" : "submit";
            case Entry.Wait wait -> "wait";
            case Entry.Without without -> without.cause().name();
            case Entry.Resolve resolve -> "resolved: " + name(resolve.entry());
        };
    }

    private static Instant at(String time) {
        return Instant.parse("2027-01-01T" + time + "Z");
    }
}
