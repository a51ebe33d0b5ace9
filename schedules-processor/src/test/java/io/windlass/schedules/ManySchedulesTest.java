package io.windlass.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.schedule.CatchUp;
import io.windlass.schedule.Concurrency;
import io.windlass.schedule.Schedule;
import io.windlass.testing.TestSize;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A hundred thousand, of which a thousand are due in the same second. */
class ManySchedulesTest extends OnPostgres {
    private static final Instant NINE = Instant.parse("2027-01-01T09:00:00Z");
    private static final Instant TEN = NINE.plus(Duration.ofHours(1));

    /** As many more as this one, due two hours later. */
    private static final String MANY_MORE =
            """
            insert into schedule (id, namespace, name, cluster, definition, definition_version, labels, version, paused,
                changed_by, created_at, changed_at, accounted_until, next_due)
            select gen_random_uuid(), namespace, name || '-' || n, cluster, definition, definition_version, labels, version,
                paused, changed_by, created_at, changed_at, accounted_until,
                case when n < 1000 then next_due else next_due + interval '2 hours' end
            from schedule, generate_series(1, 99999) n where id = '%s'
            """;

    @Test
    @Tag("slow")
    void shouldSubmitAThousandThatAreDueAtOnceWithinFiveSeconds() throws Exception {
        Schedule.When hourly =
                new Schedule.When("0 * * * *", null, "UTC", Duration.ZERO, null, null);
        UUID id = create(schedule("s", hourly, new CatchUp.None(), Concurrency.ALLOW), NINE);
        execute(MANY_MORE.formatted(id));
        execute("analyze schedule");
        Replica replica = new Replica();
        now.set(TEN);
        long begun = System.nanoTime();
        int made = replica.account();
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        System.out.printf(
                "[windlass tests] 1,000 of 100,000 schedules due at once: %d ms%n",
                took.toMillis());
        assertThat(made).isEqualTo(1_000);
        assertThat(took).isLessThan(Duration.ofSeconds(TestSize.of(25, 5)));
    }
}
