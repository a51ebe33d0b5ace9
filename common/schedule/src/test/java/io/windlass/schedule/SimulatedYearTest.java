package io.windlass.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.schedule.Account.Entry;
import io.windlass.testing.RandomSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A year of looks at random moments: what the ledger says is what a calendar on the wall says. */
class SimulatedYearTest {
    private static final Instant FROM = Instant.parse("2026-12-31T23:00:00Z");
    private static final Instant TO = Instant.parse("2027-12-31T23:00:00Z");
    private static final int SCHEDULES = 200;

    private final Accountant accountant =
            new Accountant(new Accountant.Rules(Duration.ofSeconds(30), 100));

    @Test
    void shouldAccountForEveryInstantOfAYearOnce() {
        long instants = 0;
        for (int seed = 0; seed < SCHEDULES; seed++) {
            Random random = new Random(seed);
            RandomSchedule drawn = RandomSchedule.of(random, FROM, TO);
            List<Instant> expected = drawn.instants(FROM, TO);
            assertThat(submitted(drawn, random)).as("seed %d: %s", seed, drawn).isEqualTo(expected);
            instants += expected.size();
        }
        assertThat(instants).isGreaterThan(SCHEDULES * 10L);
        System.out.println("[windlass tests] a year of 200 schedules: " + instants + " instants");
    }

    private List<Instant> submitted(RandomSchedule drawn, Random random) {
        Schedule schedule = Schedules.of(when(drawn), new CatchUp.All(CatchUp.MOST));
        Calendar calendar = Schedules.calendar(schedule);
        List<Instant> out = new ArrayList<>();
        Instant accountedUntil = FROM;
        Instant now = FROM;
        while (now.isBefore(TO)) {
            // as due, or whenever somebody happens to look
            Instant look = now.plusSeconds(1 + random.nextInt(20 * 86_400));
            now = look.isAfter(TO) ? TO : look;
            Account account =
                    accountant.account(
                            schedule,
                            calendar,
                            new Accountant.Standing(accountedUntil, 0, List.of()),
                            now,
                            CatchUp.MOST);
            for (Entry entry : account.entries()) {
                assertThat(entry).isInstanceOf(Entry.Submit.class);
                out.add(entry.plannedAt());
            }
            accountedUntil = account.accountedUntil();
        }
        return out;
    }

    private static Schedule.When when(RandomSchedule drawn) {
        return new Schedule.When(
                drawn.cron(), drawn.every(), drawn.zone().getId(), Duration.ZERO, null, null);
    }
}
