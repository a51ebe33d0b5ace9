package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.job.Claim;
import io.windlass.job.Decision;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobState;
import io.windlass.job.PodSeen;
import java.math.BigDecimal;
import java.sql.BatchUpdateException;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Jobs and what becomes of them, as rows. */
class StoreTest extends OnPostgres {
    @Test
    void shouldStoreAJobWithItsStateAndItsFirstEventOrNothing() {
        JobId id = submit("one");
        assertThat(load(id).state()).isEqualTo(JobState.QUEUED);
        assertThat(feed.ofJob(id)).extracting(EventFeed.StoredEvent::to).containsExactly("QUEUED");
    }

    @Test
    void shouldMakeOneJobOfOneKeyHoweverManyTryAtOnce() {
        NewJob.IdempotencyKey key = new NewJob.IdempotencyKey("k", "body");
        Set<JobId> ids =
                IntStream.range(0, 8)
                        .parallel()
                        .mapToObj(i -> {
                            NewJob job;
                            synchronized (this) {
                                job = newJob("same", Map.of(), key);
                            }
                            return switch (submissions.store(List.of(job)).getFirst()) {
                                case Submissions.Outcome.Stored stored -> stored.id();
                                case Submissions.Outcome.SameAsBefore same -> same.id();
                                case Submissions.Outcome.KeyUsedOtherwise other ->
                                        throw new AssertionError(other);
                            };
                        })
                        .collect(Collectors.toSet());
        assertThat(ids).hasSize(1);
        NewJob other = newJob("same", Map.of(), new NewJob.IdempotencyKey("k", "another body"));
        assertThat(submissions.store(List.of(other)).getFirst())
                .isInstanceOf(Submissions.Outcome.KeyUsedOtherwise.class);
    }

    @Test
    void shouldGiveTheFirstJobOfABatchItsKeyAndItsIdToTheOthers() {
        List<NewJob> batch =
                List.of(
                        keyed("twice", "body"),
                        newJob("without", Map.of(), null),
                        keyed("twice", "body"),
                        keyed("twice", "another body"),
                        keyed("once", "body"));
        JobId first = batch.getFirst().id();
        List<Submissions.Outcome> outcomes = submissions.store(batch);
        assertThat(outcomes.get(2)).isEqualTo(new Submissions.Outcome.SameAsBefore(first));
        assertThat(outcomes.get(3)).isEqualTo(new Submissions.Outcome.KeyUsedOtherwise(first));
        for (int stored : List.of(0, 1, 4)) {
            assertThat(load(batch.get(stored).id()).state()).isEqualTo(JobState.QUEUED);
        }
        assertThat(submissions.storedAt(batch.get(2).id())).isEmpty();
    }

    @RepeatedTest(5)
    void shouldNotDeadlockOverTheSameKeysInAnotherOrder(RepetitionInfo round) {
        List<Integer> keys = IntStream.range(0, 2_000).boxed().toList();
        long stored =
                Stream.of(keys, keys.reversed())
                        .parallel()
                        .map(order -> ordered(round.getCurrentRepetition(), order))
                        .flatMap(batch -> submissions.store(batch).stream())
                        .filter(Submissions.Outcome.Stored.class::isInstance)
                        .count();
        assertThat(stored).isEqualTo(2_000);
    }

    private List<NewJob> ordered(int round, List<Integer> keys) {
        synchronized (this) {
            return keys.stream().map(key -> keyed(round + "-" + key, "body")).toList();
        }
    }

    private NewJob keyed(String key, String bodyHash) {
        return newJob(key, Map.of(), new NewJob.IdempotencyKey(key, bodyHash));
    }

    @Test
    void shouldLetOnlyOneOfTwoWritersWin() {
        JobId id = submit("one");
        Job read = load(id);
        assertThat(progressions.write(step(read, new Input.Admitted()))).isTrue();
        assertThat(progressions.write(step(read, new Input.CancelRequested("late")))).isFalse();
        assertThat(load(id).version()).isEqualTo(2);
        assertThat(feed.ofJob(id)).hasSize(2);
    }

    @Test
    void shouldRefuseToChangeAnAnswerEvenIfTheCodeWantedTo() {
        Job over = succeeded();
        assertThatThrownBy(() ->
                        database.inTransaction(h ->
                                h.createUpdate(
                                                "update job_state set state = 'FAILED', reason = 'X' where job_id = :id")
                                        .bind("id", over.id().value())
                                        .execute()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("its answer is final");
    }

    @Test
    void shouldRefuseRowsThatNobodyWouldEverLookAt() {
        JobId id = submit("one");
        admissions.admit("local", ROOM);
        assertThatThrownBy(() ->
                        database.inTransaction(h ->
                                h.createUpdate(
                                                "update job_state set next_check_at = null where job_id = :id")
                                        .bind("id", id.value())
                                        .execute()))
                .isInstanceOf(StoreException.class)
                .extracting(e -> ((StoreException) e).constraint())
                .isEqualTo("job_state_unfinished_is_checked");
    }

    @Test
    void shouldAdmitByPriorityAndAgeWithinTheBounds() {
        JobId old = submit("old");
        JobId urgent = submit("urgent", Map.of("priority", BigDecimal.TEN));
        submit("new");
        assertThat(admissions.admit("local", new Admissions.Bounds(2, 10, 10, 10)).admitted())
                .isEqualTo(2);
        assertThat(load(urgent).state()).isEqualTo(JobState.STARTING);
        assertThat(load(old).state()).isEqualTo(JobState.STARTING);
        assertThat(admissions.admit("local", new Admissions.Bounds(2, 10, 10, 10)).admitted())
                .as("two Jobs are in the cluster")
                .isZero();
        assertThat(admissions.admit("local", new Admissions.Bounds(9, 10, 2, 10)).admitted())
                .as("two have not started")
                .isZero();
    }

    @Test
    void shouldCountPodsAndNotStarveAJobThatIsTooWide() {
        JobId wide =
                submit(
                        "wide",
                        Map.of("parallelism", BigDecimal.TEN, "completions", BigDecimal.TEN));
        submit("narrow");
        Admissions.Bounds three = new Admissions.Bounds(10, 3, 10, 10);
        assertThat(admissions.admit("local", three).admitted()).isEqualTo(1);
        assertThat(load(wide).state())
                .as("it has the cluster to itself")
                .isEqualTo(JobState.STARTING);
    }

    @Test
    void shouldNotAdmitToAPausedClusterNorACancelledJob() {
        JobId cancelled = submit("cancelled");
        assertThat(progressions.write(step(load(cancelled), new Input.CancelRequested("me"))))
                .isTrue();
        assertThat(admissions.admit("local", ROOM).admitted()).isZero();
        submit("one");
        Heartbeats.on(database).heartbeat("local", "identity");
        database.inTransaction(h -> h.execute("update cluster set paused = true"));
        assertThat(admissions.admit("local", ROOM).admitted()).isZero();
    }

    @Test
    void shouldLeaseADueJobToOneSweepOnly() {
        submit("one");
        admissions.admit("local", ROOM);
        assertThat(checks.lease("local", Duration.ofSeconds(30), 10).jobs()).hasSize(1);
        assertThat(checks.lease("local", Duration.ofSeconds(30), 10).jobs()).isEmpty();
    }

    @Test
    void shouldGiveAClaimToOneCreatorAndCountItsTakeover() {
        JobId id = submit("one");
        admissions.admit("local", ROOM);
        Heartbeats.on(database).heartbeat("local", "uid-a");
        Claim first = claim(id, Duration.ofMillis(1)).orElseThrow();
        assertThat(load(id).takeovers()).isZero();
        Claim second = claim(id, Duration.ofMinutes(1)).orElseThrow();
        assertThat(second.token()).isNotEqualTo(first.token());
        assertThat(load(id).takeovers()).isEqualTo(1);
        assertThat(claim(id, Duration.ofMinutes(1))).isEmpty();
        checks.release(id, second.token());
        assertThat(load(id).claim()).isNull();
    }

    private Optional<Claim> claim(JobId id, Duration lasts) {
        return checks.claim(load(id), UUID.randomUUID(), "uid-a", lasts).map(Checks.Granted::claim);
    }

    @Test
    void shouldKeepAnEarlierCheckThatSomebodyAskedForInTheMeantime() {
        JobId id = submit("one");
        admissions.admit("local", ROOM);
        Job leased = checks.lease("local", Duration.ofSeconds(30), 10).jobs().getFirst();
        Job nudged = load(id);
        progressions.write(step(nudged, new Input.CreateFailed("nudge", Duration.ZERO)));
        progressions.write(step(leased, new Input.CreateFailed("later", Duration.ofMinutes(5))));
        assertThat(load(id).progress().nextCheckAt()).isBefore(Instant.now().plusSeconds(5));
    }

    @Test
    void shouldRememberWhatItSawOfPodsTwiceInOneBatch() {
        JobId id = submit("one");
        admissions.admit("local", ROOM);
        progressions.write(step(load(id), new Input.Created(seen(load(id)))));
        Job job = load(id);
        Decision first = decider.decide(job, podSeen(3, "Pending", false), Instant.now());
        Decision second =
                decider.decide(job.after(first), podSeen(4, "Running", true), Instant.now());
        List<Progressions.Step> lost =
                progressions.inTransaction(batch ->
                        batch.write(
                                List.of(
                                        new Progressions.Step(job, first),
                                        new Progressions.Step(job.after(first), second))));
        assertThat(lost).isEmpty();
        assertThat(load(id).state()).isEqualTo(JobState.RUNNING);
        assertThat(load(id).pods()).singleElement().extracting("phase").isEqualTo("Running");
    }

    private static Input podSeen(long guard, String phase, boolean started) {
        return new Input.PodObserved(
                new PodSeen(
                        "p",
                        "pod-uid",
                        guard,
                        1,
                        phase,
                        "",
                        "",
                        "node",
                        null,
                        false,
                        null,
                        false,
                        PodSeen.Told.NOTHING,
                        List.of(
                                new PodSeen.ContainerSeen(
                                        "main", "i", null, started ? Instant.now() : null, null)),
                        new PodSeen.Owner("default", "uid-1")));
    }

    @Test
    void shouldGiveTheFeedNumbersWithoutGapsInOrderPerJob() {
        List<JobId> ids = Stream.of("a", "b", "c").map(this::submit).toList();
        feed.sequence(2);
        admissions.admit("local", ROOM);
        while (feed.sequence(2) > 0) {
            // until nothing is left to number
            continue;
        }
        List<EventFeed.StoredEvent> events = feed.after(0L, 100).items();
        assertThat(events)
                .extracting(EventFeed.StoredEvent::seq)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        for (JobId id : ids) {
            assertThat(events.stream().filter(e -> e.jobId().equals(id)))
                    .extracting(EventFeed.StoredEvent::version)
                    .containsExactly(1, 2);
        }
    }

    @Test
    void shouldPageThroughAListWithoutMissingOrRepeating() {
        List<JobId> all = IntStream.range(0, 25).mapToObj(i -> submit("j" + i)).toList();
        List<JobId> found = new ArrayList<>();
        Jobs.Filter everything = filter(null, Set.of(), Map.of());
        Jobs.After after = null;
        List<Jobs.Found> page = jobs.list(everything, after, 10);
        while (!page.isEmpty()) {
            page.forEach(job -> found.add(job.id()));
            after = page.getLast().place();
            page = jobs.list(everything, after, 10);
        }
        assertThat(found).containsExactlyElementsOf(all.reversed());
        assertThat(jobs.each(all, Jobs.StoredJob::id)).isEqualTo(found);
    }

    @Test
    void shouldFindByLabelsStatesAndNamespaces() {
        JobId labelled = submit("one", Map.of("labels", Map.of("team", "data")));
        submit("two");
        assertThat(list(filter(null, Set.of(), Map.of("team", "data")))).containsExactly(labelled);
        assertThat(list(filter(List.of("other"), Set.of(), Map.of()))).isEmpty();
        assertThat(list(filter(null, Set.of(JobState.FAILED), Map.of()))).isEmpty();
    }

    private static Jobs.Filter filter(
            List<String> namespaces, Set<JobState> states, Map<String, String> labels) {
        return new Jobs.Filter(
                namespaces, states, labels, null, null, null, null, null, null, null);
    }

    private List<JobId> list(Jobs.Filter filter) {
        return jobs.list(filter, null, 10).stream().map(Jobs.Found::id).toList();
    }

    @Test
    void shouldRefuseAnotherInstallationsDatabaseAndAcceptAChangedKey() {
        Installations installations = new Installations(database);
        assertThat(installations.confirm(INSTALLATION, "key-1", Set.of())).isEmpty();
        assertThat(installations.confirm(UUID.randomUUID(), "key-1", Set.of())).isPresent();
        assertThat(installations.confirm(INSTALLATION, "key-2", Set.of())).isPresent();
        assertThat(installations.confirm(INSTALLATION, "key-2", Set.of("key-1"))).isEmpty();
        Heartbeats heartbeats = Heartbeats.on(database);
        assertThat(heartbeats.heartbeat("local", "uid-a")).isEqualTo("uid-a");
        assertThat(heartbeats.heartbeat("local", "uid-b")).as("it was another").isEqualTo("uid-a");
    }

    @Test
    void shouldPutNoValuesIntoWhatItSaysOfAFailure() {
        NewJob job = newJob("one", Map.of(), null);
        submissions.store(List.of(job));
        assertThatThrownBy(() -> submissions.store(List.of(job)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("job_pk")
                .hasMessageNotContaining("busybox");
    }

    @Test
    void shouldPutNoValuesIntoWhatThePoolLogsOfABrokenBatch() throws Exception {
        JobId id = submit("one");
        database.inTransaction(handle -> {
            String sql =
                    "insert into job_event (job_id, version, at, to_state, reason, message, source)"
                            + " values (?, 1, now(), 'QUEUED', 'r', ?, 'API')";
            handle.execute("savepoint before");
            try (PreparedStatement batch = handle.getConnection().prepareStatement(sql)) {
                batch.setObject(1, id.value());
                batch.setString(2, "hunter2");
                batch.addBatch();
                assertThatThrownBy(batch::executeBatch)
                        .isInstanceOf(BatchUpdateException.class)
                        .hasMessageNotContaining("hunter2");
            }
            handle.execute("rollback to savepoint before");
        });
    }
}
