package io.windlass.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.schedule.Account.Cause;
import io.windlass.schedule.Account.Entry;
import io.windlass.testing.RandomSchedule;
import io.windlass.testing.TestSize;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A year of looks at random moments: what the ledger says is what a calendar on the wall says. */
@Execution(ExecutionMode.SAME_THREAD) // the calendar on the wall is kept for the next schedule
class SimulatedYearTest {
    private static final Instant FROM = Instant.parse("2026-12-31T23:00:00Z");
    private static final Instant TO = Instant.parse("2027-12-31T23:00:00Z");
    private static final int SCHEDULES = TestSize.of(20, 200, 200);
    private static final int LONGEST_QUEUE = 5;

    private final Accountant accountant =
            new Accountant(new Accountant.Rules(Duration.ofSeconds(30), LONGEST_QUEUE));

    @Test
    @Tag("slow")
    void shouldAccountForEveryInstantOfAYearOnce() {
        long instants = 0;
        for (int seed = 0; seed < SCHEDULES; seed++) {
            Random random = new Random(seed);
            RandomSchedule drawn = RandomSchedule.of(random, FROM, TO);
            if (!beginsWithAPeriod(drawn)) {
                instants += accountForAYear(seed, drawn, random);
            }
        }
        assertThat(instants).isGreaterThan(SCHEDULES * 10L);
        System.out.printf(
                "[windlass tests] a year of %d schedules: %d instants%n", SCHEDULES, instants);
    }

    /** Finding S3: the first instant of a period is the one at which it begins. */
    @Test
    @Tag("finding")
    @Tag("S3")
    void shouldNotLeaveOutTheFirstInstantOfAPeriodThatBeginsWithinTheYear() {
        int periods = 0;
        for (int seed = 0; periods < 5; seed++) {
            Random random = new Random(seed);
            RandomSchedule drawn = RandomSchedule.of(random, FROM, TO);
            if (beginsWithAPeriod(drawn)) {
                periods++;
                accountForAYear(seed, drawn, random);
            }
        }
    }

    private static boolean beginsWithAPeriod(RandomSchedule drawn) {
        Instant startAt = drawn.window().startAt();
        return drawn.every() != null && startAt != null && startAt.isAfter(FROM);
    }

    /** How many instants there were. */
    private long accountForAYear(int seed, RandomSchedule drawn, Random random) {
        Concurrency concurrency = Concurrency.values()[random.nextInt(Concurrency.values().length)];
        Schedule schedule =
                Schedules.of(when(drawn), new CatchUp.All(CatchUp.MOST), concurrency, null, false);
        Calendar calendar = Schedules.calendar(schedule);
        assertThat(calendar.delay())
                .as("seed %d: %s", seed, drawn)
                .isBetween(Duration.ZERO, drawn.window().jitter());
        List<Instant> come =
                drawn.instants(FROM, TO).stream()
                        .filter(at -> !at.plus(calendar.delay()).isAfter(TO))
                        .toList();
        Year year = new Year(schedule, calendar, come, random);
        year.pass();
        assertThat(year.said).as("seed %d: %s, %s", seed, concurrency, drawn).isEqualTo(year.wall);
        return come.size();
    }

    /** One schedule, its runs that take some time each, and what somebody at a wall notes down. */
    private final class Year {
        private final Schedule schedule;
        private final Calendar calendar;
        private final List<Instant> come;
        private final Random random;
        private final TreeMap<Instant, String> wall = new TreeMap<>();
        private final TreeMap<Instant, String> said = new TreeMap<>();
        private final Deque<Instant> waiting = new ArrayDeque<>();
        private List<Instant> runs = new ArrayList<>();
        private Instant accountedUntil = FROM;
        private int seen;

        Year(Schedule schedule, Calendar calendar, List<Instant> come, Random random) {
            this.schedule = schedule;
            this.calendar = calendar;
            this.come = come;
            this.random = random;
        }

        void pass() {
            Instant now = FROM;
            while (now.isBefore(TO)) {
                // as due, or whenever somebody happens to look
                Instant look = now.plusSeconds(1 + random.nextInt(20 * 86_400));
                now = look.isAfter(TO) ? TO : look;
                look(now);
            }
        }

        private void look(Instant now) {
            runs = new ArrayList<>(runs.stream().filter(end -> end.isAfter(now)).toList());
            List<Instant> before = List.copyOf(waiting);
            Account account =
                    accountant.account(
                            schedule,
                            calendar,
                            new Accountant.Standing(accountedUntil, runs.size(), before),
                            now,
                            CatchUp.MOST);
            account.entries().forEach(entry -> note(entry, entry, now));
            noteOnTheWall(now);
            accountedUntil = account.accountedUntil();
            if (waiting.isEmpty()) {
                assertThat(account.nextDue().filter(next -> !next.isAfter(TO)))
                        .isEqualTo(come.stream().skip(seen).findFirst().map(calendar::due));
            } else {
                assertThat(account.nextDue())
                        .hasValueSatisfying(
                                next -> assertThat(next).isBeforeOrEqualTo(now.plusSeconds(1)));
            }
        }

        /** An instant gets its verdict once; only one that waited may get another. */
        private void note(Entry entry, Entry outer, Instant now) {
            switch (entry) {
                case Entry.Resolve(Entry waited) -> note(waited, outer, now);
                case Entry.Wait(Instant at) -> assertThat(said.put(at, "waits")).isNull();
                case Entry.Submit(Instant at, Duration lateBy, boolean replaces) -> {
                    assertThat(lateBy).isEqualTo(Duration.between(at.plus(calendar.delay()), now));
                    String verdict = replaces ? "replaces" : "runs";
                    assertThat(said.put(at, verdict)).isEqualTo(waited(outer));
                }
                case Entry.Without(Instant first, Instant last, int instants, Cause cause) -> {
                    List<Instant> covered =
                            come.stream()
                                    .filter(at -> !at.isBefore(first) && !at.isAfter(last))
                                    .toList();
                    assertThat(covered).hasSize(instants);
                    covered.forEach(
                            at -> assertThat(said.put(at, cause.name())).isEqualTo(waited(outer)));
                }
            }
        }

        private static String waited(Entry outer) {
            return outer instanceof Entry.Resolve ? "waits" : null;
        }

        /** What concurrency means, said once more in other words. */
        private void noteOnTheWall(Instant now) {
            if (runs.isEmpty() && !waiting.isEmpty()) {
                run(Objects.requireNonNull(waiting.poll()), "runs", now);
            }
            int these = seen;
            while (these < come.size() && !calendar.due(come.get(these)).isAfter(now)) {
                these++;
            }
            for (; seen < these; seen++) {
                decide(come.get(seen), seen == these - 1, now);
            }
        }

        private void decide(Instant at, boolean last, Instant now) {
            switch (schedule.concurrency()) {
                case ALLOW -> run(at, "runs", now);
                case FORBID -> {
                    if (runs.isEmpty()) {
                        run(at, "runs", now);
                    } else {
                        wall.put(at, Cause.STILL_RUNNING.name());
                    }
                }
                case REPLACE -> {
                    if (last) {
                        String verdict = runs.isEmpty() ? "runs" : "replaces";
                        runs.clear();
                        run(at, verdict, now);
                    } else {
                        wall.put(at, Cause.REPLACED.name());
                    }
                }
                case QUEUE -> {
                    if (runs.isEmpty() && waiting.isEmpty()) {
                        run(at, "runs", now);
                    } else if (waiting.size() < LONGEST_QUEUE) {
                        waiting.add(at);
                        wall.put(at, "waits");
                    } else {
                        wall.put(at, Cause.QUEUE_FULL.name());
                    }
                }
            }
        }

        private void run(Instant at, String verdict, Instant now) {
            wall.put(at, verdict);
            runs.add(now.plusSeconds(1 + random.nextInt(30 * 86_400)));
        }
    }

    private static Schedule.When when(RandomSchedule drawn) {
        RandomSchedule.Window window = drawn.window();
        return new Schedule.When(
                drawn.cron(),
                drawn.every(),
                drawn.zone().getId(),
                window.jitter(),
                window.startAt(),
                window.endAt());
    }
}
