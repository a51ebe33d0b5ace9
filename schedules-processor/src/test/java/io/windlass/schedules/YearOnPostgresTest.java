package io.windlass.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.schedule.Calendar;
import io.windlass.schedule.CatchUp;
import io.windlass.schedule.Concurrency;
import io.windlass.schedule.Schedule;
import io.windlass.schedule.Zones;
import io.windlass.testing.RandomSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A year, looked at whenever somebody happens to: ledger and jobs are what a wall clock says. */
class YearOnPostgresTest extends OnPostgres {
    private static final Instant FROM = Instant.parse("2026-12-31T23:00:00Z");
    private static final Instant TO = Instant.parse("2027-12-31T23:00:00Z");
    private static final int SCHEDULES = 10;

    /** Until the end of the year those have come that are due by then. */
    private record Drawn(RandomSchedule schedule, Duration delay) {
        List<Instant> instants() {
            return schedule.instants(FROM, TO.minus(delay));
        }
    }

    private static Duration delay(Schedule schedule) {
        return switch (Calendar.of(schedule.when(), schedule.identity(), Zones.ofJdk())) {
            case Calendar.Result.Read(Calendar calendar) -> calendar.delay();
            case Calendar.Result.Wrong wrong -> throw new AssertionError(wrong);
        };
    }

    @Test
    @Tag("slow")
    void shouldMakeOneJobOfEveryInstantOfAYear() throws Exception {
        Map<UUID, Drawn> drawn = new HashMap<>();
        for (int seed = 0; seed < SCHEDULES; seed++) {
            RandomSchedule one = RandomSchedule.of(new Random(seed), FROM, TO);
            RandomSchedule.Window window = one.window();
            if (one.every() != null && window.startAt() != null) {
                // finding S3: see SimulatedYearTest
                continue;
            }
            Schedule.When when =
                    new Schedule.When(
                            one.cron(),
                            one.every(),
                            one.zone().getId(),
                            window.jitter(),
                            window.startAt(),
                            window.endAt());
            CatchUp all = new CatchUp.All(CatchUp.MOST);
            Schedule schedule = schedule("s" + seed, when, all, Concurrency.ALLOW);
            drawn.put(create(schedule, FROM), new Drawn(one, delay(schedule)));
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
        for (Map.Entry<UUID, Drawn> one : drawn.entrySet()) {
            String of = "schedule_id = '" + one.getKey() + "' order by planned_at";
            assertThat(
                            instants(
                                    "select planned_at from schedule_run where verdict = 'SUBMITTED' and "
                                            + of))
                    .as(one.getValue().toString())
                    .isEqualTo(one.getValue().instants());
            assertThat(instants("select planned_at from job where " + of))
                    .isEqualTo(one.getValue().instants());
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
