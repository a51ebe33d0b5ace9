package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.JobId;
import io.windlass.job.Surroundings;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who writes many rows at once, beside who holds one of them and wants the others. */
class DeadlockTest extends OnPostgres {
    private List<JobId> running() {
        List<JobId> ids = IntStream.range(0, 20).mapToObj(i -> submit("j" + i)).toList();
        admissions.admit("local", ROOM);
        execute(
                """
                update job_state set kubernetes_uid = 'u', admitted_at = admitted_at - interval '1 hour',
                    next_check_at = clock_timestamp() + interval '1 hour'
                """);
        return ids;
    }

    private void execute(String sql) {
        database.inTransaction(handle -> handle.execute(sql));
    }

    private interface Update {
        int all() throws Exception;
    }

    /** The last one is held, and its holder wants the first one later. */
    private void doesNotWaitForTheLast(List<JobId> ids, Update update) throws Exception {
        try (Connection holder = database.dedicated();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute(lock(ids.getLast()));
            CompletableFuture<Integer> updated =
                    CompletableFuture.supplyAsync(() -> {
                        try {
                            return update.all();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    });
            assertThat(updated.get(5, TimeUnit.SECONDS)).isEqualTo(ids.size() - 1);
            statement.execute(lock(ids.getFirst()));
            holder.rollback();
        }
    }

    private static String lock(JobId id) {
        return "select from job_state where job_id = '" + id + "' for update";
    }

    @Test
    void shouldLookAtThoseThatAListDoesNotHaveBesideWhoHoldsOne() throws Exception {
        List<JobId> ids = running();
        doesNotWaitForTheLast(
                ids, () -> checks.lookAtAllBut(List.of(), "local", Instant.now()).size());
    }

    @Test
    void shouldLookAtThoseThatPullBesideWhoHoldsOne() throws Exception {
        List<JobId> ids = running();
        execute(
                """
                insert into job_pod (job_id, attempt, pod_uid, name, guard, phase, class, class_since)
                select job_id, 1, 'u', 'n', 1, 'Pending', 'IMAGE_PULL_FAILED', now() from job_state
                """);
        OutageBoard board = OutageBoard.on(database);
        List<Surroundings.Outage> none = board.note("local", List.of(), Duration.ofMinutes(1));
        assertThat(none).isEmpty();
        doesNotWaitForTheLast(ids, () -> board.lookAtThoseThatPull("local"));
    }

    @Test
    void shouldDoAgainWhatWasChosenToEndADeadlock() throws Exception {
        List<JobId> ids = Stream.of("a", "b").map(this::submit).toList();
        CountDownLatch both = new CountDownLatch(2);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> two =
                    Stream.of(ids, ids.reversed())
                            .map(order -> threads.submit(() -> lockedBoth(order, both)))
                            .toList();
            for (Future<Boolean> one : two) {
                assertThat(one.get(10, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    private boolean lockedBoth(List<JobId> ids, CountDownLatch both) throws InterruptedException {
        return database.transaction(handle -> {
            handle.execute(lock(ids.getFirst()));
            both.countDown();
            boolean met = both.await(5, TimeUnit.SECONDS);
            handle.execute(lock(ids.getLast()));
            return met;
        });
    }
}
