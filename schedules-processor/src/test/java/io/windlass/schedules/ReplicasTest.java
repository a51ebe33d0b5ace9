package io.windlass.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.schedule.Account.Verdict;
import io.windlass.schedule.CatchUp;
import io.windlass.schedule.Concurrency;
import io.windlass.schedule.Schedule;
import io.windlass.store.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two at once, after nobody was there for three hours. */
class ReplicasTest extends OnPostgres {
    private static final Instant NINE = Instant.parse("2027-01-01T09:00:00Z");
    private static final Instant NOON = Instant.parse("2027-01-01T12:00:00Z");
    private static final Schedule.When MINUTELY =
            new Schedule.When("* * * * *", null, "UTC", Duration.ZERO, null, null);
    private static final int OF_EACH = 30;
    private static final int MINUTES = 180;

    @Test
    @Tag("slow")
    void shouldCatchUpAsEachScheduleSaysAndNothingTwice() throws Exception {
        Map<UUID, Integer> expected = new HashMap<>();
        for (int i = 0; i < OF_EACH; i++) {
            expected.put(create("none-" + i, new CatchUp.None()), 1);
            expected.put(create("latest-" + i, new CatchUp.Latest()), 1);
            expected.put(create("hundred-" + i, new CatchUp.All(100)), 100);
            expected.put(create("all-" + i, new CatchUp.All(1_000)), MINUTES);
        }
        now.set(NOON.plusSeconds(10));
        Replica one = new Replica();
        Replica other = new Replica();
        // each begins only when the other is at work as well
        CountDownLatch both = new CountDownLatch(2);
        List<Integer> made =
                together(
                        () -> one.account(10, meeting(both)),
                        () -> other.account(10, meeting(both)));
        assertThat(made).as("both worked").allMatch(jobs -> jobs > 0);
        for (Map.Entry<UUID, Integer> each : expected.entrySet()) {
            List<Ledger.Run> runs = one.ledger.runs(each.getKey(), null, 1_000);
            assertThat(runs.stream().mapToInt(Ledger.Run::instants).sum()).isEqualTo(MINUTES);
            assertThat(runs.stream().filter(run -> run.verdict() == Verdict.SUBMITTED))
                    .hasSize(each.getValue());
            assertThat(runs.getFirst().plannedAt()).isEqualTo(NOON);
            assertThat(runs.stream().filter(run -> run.verdict() != Verdict.SUBMITTED))
                    .allMatch(run -> run.verdict() == Verdict.MISSED)
                    .hasSizeLessThanOrEqualTo(1);
        }
        assertThat(instants("select planned_at from job"))
                .hasSize(expected.values().stream().mapToInt(n -> n).sum())
                .hasSize(made.stream().mapToInt(n -> n).sum());
    }

    private static Runnable meeting(CountDownLatch both) {
        AtomicBoolean came = new AtomicBoolean();
        return () -> {
            if (came.compareAndSet(false, true)) {
                both.countDown();
                try {
                    assertThat(both.await(5, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
    }

    private UUID create(String name, CatchUp catchUp) throws Exception {
        return create(schedule(name, MINUTELY, catchUp, Concurrency.ALLOW), NINE);
    }

    private static <T> List<T> together(Callable<T> one, Callable<T> other) throws Exception {
        List<T> out = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> each : threads.invokeAll(List.of(one, other))) {
                out.add(each.get());
            }
        }
        return out;
    }
}
