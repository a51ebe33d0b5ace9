package io.windlass.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.schedule.CatchUp;
import io.windlass.schedule.Concurrency;
import io.windlass.schedule.Schedule;
import io.windlass.testing.RandomSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A year, looked at whenever somebody happens to: ledger and jobs are what a wall clock says. */
class YearOnPostgresTest extends OnPostgres {
    private static final Instant FROM = Instant.parse("2026-12-31T23:00:00Z");
    private static final Instant TO = Instant.parse("2027-12-31T23:00:00Z");
    private static final int SCHEDULES = 10;

    @Test
    void shouldMakeOneJobOfEveryInstantOfAYear() throws Exception {
        Map<UUID, RandomSchedule> drawn = new HashMap<>();
        for (int seed = 0; seed < SCHEDULES; seed++) {
            RandomSchedule one = RandomSchedule.of(new Random(seed), FROM, TO);
            Schedule.When when =
                    new Schedule.When(
                            one.cron(), one.every(), one.zone().getId(), Duration.ZERO, null, null);
            CatchUp all = new CatchUp.All(CatchUp.MOST);
            drawn.put(create(schedule("s" + seed, when, all, Concurrency.ALLOW), FROM), one);
        }
        Replica replica = new Replica();
        Random random = new Random(1);
        now.set(FROM);
        int made = 0;
        while (now.get().isBefore(TO)) {
            Instant look = now.get().plusSeconds(1 + random.nextInt(30 * 86_400));
            now.set(look.isAfter(TO) ? TO : look);
            made += replica.account();
        }
        for (Map.Entry<UUID, RandomSchedule> one : drawn.entrySet()) {
            String of = "schedule_id = '" + one.getKey() + "' order by planned_at";
            assertThat(
                            instants(
                                    "select planned_at from schedule_run where verdict = 'SUBMITTED' and "
                                            + of))
                    .as(one.getValue().toString())
                    .isEqualTo(one.getValue().instants(FROM, TO));
            assertThat(instants("select planned_at from job where " + of))
                    .isEqualTo(one.getValue().instants(FROM, TO));
            assertThat(
                            instants(
                                    "select planned_at from schedule_run where verdict <> 'SUBMITTED' and "
                                            + of))
                    .isEmpty();
        }
        System.out.println(
                "[windlass tests] a year of ten schedules on PostgreSQL: " + made + " jobs");
    }
}
