package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Claim;
import io.windlass.job.ClusterIdentity;
import io.windlass.job.Command;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobSeen;
import io.windlass.job.JobState;
import io.windlass.job.Look;
import io.windlass.job.PodPolicies;
import io.windlass.job.Reason;
import io.windlass.log.Loss;
import io.windlass.schedule.Account.Verdict;
import io.windlass.schedule.Accountant;
import io.windlass.schedule.Zones;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cluster that does not come back, and what becomes of its jobs. */
class ClusterLostTest extends OnPostgres {
    private static final String LOST = "uid-of-the-lost-one";
    private static final String OTHER = "uid-of-the-other";

    private ClusterLosses losses;
    private LostJobs lostJobs;
    private Heartbeats processor;

    @BeforeEach
    void openLosses() {
        losses = new ClusterLosses(database);
        lostJobs = new LostJobs(progressions, decider);
        processor = Heartbeats.on(database);
        processor.heartbeat("local", LOST);
    }

    private void execute(String sql) {
        database.inTransaction(handle -> handle.execute(sql));
    }

    /** All that was noted so far was so long ago. */
    private void pass(Duration time) {
        String ago = " - interval '" + time.toMillis() + " milliseconds'";
        execute("update cluster set heartbeat_at = heartbeat_at" + ago);
        execute("update job_state set job_seen_at = job_seen_at" + ago);
        execute(
                "update cluster_asked set asked_at = asked_at%1$s, unknown_since = unknown_since%1$s"
                        .formatted(ago));
    }

    /** A processor that asks every half minute and gets no answer. */
    private void silentFor(Duration time) {
        Duration step = Duration.ofSeconds(30);
        processor.heartbeat("local", null);
        for (Duration left = time; left.isPositive(); left = left.minus(step)) {
            pass(step);
            processor.heartbeat("local", null);
        }
    }

    private void lose() {
        silentFor(Duration.ofMinutes(5));
        assertThat(declare().missing()).isEmpty();
    }

    private ClusterLosses.Declared declare() {
        return losses.declare("local", LOST, "an operator", false);
    }

    private void endAll() {
        for (int i = 0; i < 100 && lostJobs.goOn("local", 500).more(); i++) {
            assertThat(i).isLessThan(99);
        }
    }

    private JobId admitted(String name) {
        JobId id = submit(name);
        admissions.admit("local", ROOM);
        return id;
    }

    private Optional<Claim> claim(JobId id, String identity) {
        return checks.claim(load(id), UUID.randomUUID(), identity, Duration.ofMillis(1))
                .map(Checks.Granted::claim);
    }

    private JobId claimed(String name) {
        JobId id = admitted(name);
        assertThat(claim(id, LOST)).isPresent();
        return id;
    }

    private JobId created(String name) {
        JobId id = claimed(name);
        write(id, new Input.Created(seen(load(id))));
        return id;
    }

    private void write(JobId id, Input input) {
        assertThat(progressions.write(step(load(id), input))).isTrue();
    }

    private List<String> lines(JobId id) {
        return feed.ofJob(id).stream().map(line -> line.reason() + " " + line.message()).toList();
    }

    private List<Command> due(JobId id) {
        return decider.decide(load(id), new Input.Due(), checks.now()).commands();
    }

    @Test
    void shouldAcceptWhenItWasSilentForFiveMinutesAndNotBefore() {
        silentFor(Duration.ofSeconds(270));
        assertThat(declare().missing()).hasSize(2);
        pass(Duration.ofSeconds(30));
        processor.heartbeat("local", null);
        assertThat(declare().accepted()).isTrue();
        assertThat(declare().missing())
                .singleElement()
                .asString()
                .contains("declared lost already", "an operator");
    }

    /** Our own processor being down proves nothing, however long it was. */
    @Test
    void shouldRefuseWhileOnlyTheProcessorIsStopped() {
        pass(Duration.ofHours(3));
        assertThat(declare().missing()).singleElement().asString().contains("nobody asks");
    }

    @Test
    void shouldBeginAnewWithAProcessorThatWasStopped() {
        processor.heartbeat("local", null);
        pass(Duration.ofHours(3));
        processor.heartbeat("local", null);
        assertThat(declare().missing()).singleElement().asString().contains("asks in vain since");
        Heartbeats.on(database).heartbeat("local", null);
        assertThat(declare().missing()).hasSize(2);
    }

    @Test
    void shouldRefuseWhileOneReplicaStillReachesIt() {
        Heartbeats other = Heartbeats.on(database);
        silentFor(Duration.ofMinutes(6));
        other.heartbeat("local", LOST);
        assertThat(declare().missing()).hasSize(2);
        silentFor(Duration.ofMinutes(5));
        assertThat(declare().accepted()).as("the other is gone, and heard it long ago").isTrue();
    }

    /** As with credentials that have run out: the cluster is well. */
    @Test
    void shouldRefuseWhileTheClusterRefusesUs() {
        silentFor(Duration.ofMinutes(6));
        processor.heartbeat("local", Heartbeats.UNTOLD);
        assertThat(declare().missing())
                .singleElement()
                .asString()
                .contains("it is there, and refuses");
        silentFor(Duration.ofSeconds(270));
        assertThat(declare().missing()).hasSize(1);
    }

    @Test
    void shouldCountTheAnswersOfAnotherClusterAsSilenceOfThisOne() {
        processor.heartbeat("local", OTHER);
        for (int i = 0; i < 10; i++) {
            pass(Duration.ofSeconds(30));
            assertThat(processor.heartbeat("local", OTHER))
                    .as("nothing is done in it")
                    .isEqualTo(LOST);
        }
        Clusters.StoredCluster told = new Clusters(database).find("local").orElseThrow();
        assertThat(told.identity()).isEqualTo(LOST);
        assertThat(told.answers()).isEqualTo(OTHER);
        assertThat(told.heartbeatAt()).isBefore(Instant.now().minusSeconds(290));
        assertThat(told.askedAt()).isAfter(Instant.now().minusSeconds(30));
        assertThat(declare().accepted()).isTrue();
        assertThat(processor.heartbeat("local", OTHER)).as("at once").isEqualTo(OTHER);
    }

    @Test
    void shouldRefuseAnIdentityThatIsNotTheKnownOneAndADryRunChangesNothing() {
        created("one");
        silentFor(Duration.ofMinutes(5));
        assertThat(losses.declare("local", OTHER, "me", false).missing())
                .singleElement()
                .asString()
                .contains(LOST);
        ClusterLosses.Declared tried = losses.declare("local", LOST, "me", true);
        assertThat(tried.accepted()).isTrue();
        assertThat(tried.numbers()).isEqualTo(new ClusterLosses.Numbers(1, 0, 0, 0));
        assertThat(losses.all()).isEmpty();
        assertThat(lostJobs.goOn("local", 500).steps()).isEmpty();
    }

    @Test
    void shouldEndEachJobAsItStands() {
        JobId settled = created("settled");
        JobSeen done =
                seen(
                        load(settled),
                        new JobSeen.Condition("Complete", true, "r", "m", Instant.now()));
        write(settled, new Input.Looked(new Look(done, List.of())));
        JobId cancelled = created("cancelled");
        write(cancelled, new Input.CancelRequested("tester"));
        JobId never = admitted("never");
        JobId begun = claimed("begun");
        JobId running = created("running");
        JobId queued = submit("queued");
        processor.heartbeat("local", LOST);
        silentFor(Duration.ofMinutes(5));
        assertThat(losses.declare("local", LOST, "an operator", false).numbers())
                .isEqualTo(new ClusterLosses.Numbers(3, 1, 1, 1));
        endAll();
        assertThat(load(settled).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(load(settled).progress().settled()).isTrue();
        assertThat(load(cancelled).state()).isEqualTo(JobState.CANCELLED);
        assertThat(load(queued).state()).isEqualTo(JobState.QUEUED);
        for (JobId id : List.of(never, begun, running)) {
            assertThat(load(id).progress().reason()).isEqualTo(Reason.CLUSTER_LOST.name());
            assertThat(lines(id).getLast())
                    .contains("CLUSTER_LOST", LOST, "declared lost by an operator");
        }
        assertThat(load(never).progress().mayHaveRun()).as("no POST was ever begun").isFalse();
        assertThat(load(begun).progress().mayHaveRun()).isTrue();
        assertThat(load(running).progress().mayHaveRun()).isTrue();
        assertThat(load(never).progress().settled()).isTrue();
        assertThat(load(running).progress().settled()).isTrue();
        assertThat(load(begun).progress().settled()).as("its creator may thaw").isFalse();
        assertThat(losses.all().getFirst().left()).isZero();
    }

    /** It is made by the version before, or nothing of it is made yet. */
    @Test
    void shouldCountARowWithoutAnIdentityToTheClusterThatHasTheName() {
        JobId before = created("before");
        execute("update job_state set cluster_identity = null");
        lose();
        JobId after = admitted("after");
        assertThat(processor.heartbeat("local", OTHER)).isEqualTo(OTHER);
        endAll();
        assertThat(load(before).progress().reason()).isEqualTo(Reason.CLUSTER_LOST.name());
        assertThat(load(after).state()).isEqualTo(JobState.STARTING);
        assertThat(claim(after, LOST)).as("the gate's memory is old").isEmpty();
        assertThat(claim(after, OTHER)).isPresent();
        assertThat(load(after).identity()).isEqualTo(new ClusterIdentity(OTHER, null));
    }

    /** There its Jobs would seem to be deleted by somebody. */
    @Test
    void shouldNotLookForJobsOfALostClusterInTheNextOne() {
        JobId old = created("old");
        execute("update job_state set next_check_at = clock_timestamp() - interval '1 second'");
        lose();
        processor.heartbeat("local", OTHER);
        JobId fresh = admitted("fresh");
        assertThat(checks.lease("local", Duration.ofSeconds(30), 10).jobs())
                .extracting(Job::id)
                .containsExactly(fresh);
        assertThat(load(old).state().terminal()).isFalse();
    }

    @Test
    void shouldGoOnAfterACrashBetweenTwoPortions() {
        for (int i = 0; i < 5; i++) {
            created("job-" + i);
        }
        lose();
        assertThat(lostJobs.goOn("local", 2).steps()).hasSize(2);
        assertThat(losses.all().getFirst().left()).isEqualTo(3);
        LostJobs next = new LostJobs(Progressions.on(database), decider);
        assertThat(next.goOn("local", 2).steps()).hasSize(2);
        assertThat(next.goOn("local", 2).steps()).hasSize(1);
        assertThat(next.goOn("local", 2).more()).isFalse();
        assertThat(losses.all().getFirst().doneAt()).as("a claim may commit late").isNull();
        execute("update cluster_lost set declared_at = declared_at - interval '61 seconds'");
        next.goOn("local", 2);
        assertThat(losses.all().getFirst().doneAt()).isNotNull();
    }

    /** One row that cannot be written does not stop the others of its portion. */
    @Test
    void shouldEndTheOthersBesideOneThatCannotBeEnded() {
        JobId spoiled = created("spoiled");
        JobId other = created("other");
        execute(
                "create function refuse() returns trigger language plpgsql as"
                        + " 'begin raise exception ''this row cannot be written''; end'");
        execute(
                "create trigger refuse before update on job_state for each row"
                        + " when (old.job_id = '%s' and new.state = 'FAILED') execute function refuse()"
                                .formatted(spoiled));
        execute(
                "alter table cluster_lost alter column declared_at set default now() - interval '1 hour'");
        lose();
        LostJobs.Round round = lostJobs.goOn("local", 500);
        assertThat(round.setAside()).isEqualTo(1);
        assertThat(load(other).state()).isEqualTo(JobState.FAILED);
        assertThat(load(spoiled).state()).isEqualTo(JobState.STARTING);
        assertThat(lostJobs.goOn("local", 500).more()).as("it waits").isFalse();
        assertThat(losses.all().getFirst().left()).isEqualTo(1);
        execute("drop trigger refuse on job_state");
        execute("update job_state set lose_at = clock_timestamp() where lose_at is not null");
        endAll();
        assertThat(load(spoiled).state()).isEqualTo(JobState.FAILED);
    }

    /** Of the first one job cannot be ended, and waits; the second is not kept waiting by it. */
    @Test
    void shouldWorkOffALaterDeclarationThoughAnEarlierOneWaits() {
        JobId stays = created("stays");
        lose();
        execute(
                "update job_state set lose_tries = 1, lose_error = 'no', lose_at = clock_timestamp() + interval '1 hour'");
        execute("update cluster_lost set declared_at = now() - interval '1 hour'");
        processor.heartbeat("local", OTHER);
        JobId id = admitted("of-the-second");
        assertThat(claim(id, OTHER)).isPresent();
        write(id, new Input.Created(seen(load(id))));
        silentFor(Duration.ofMinutes(5));
        assertThat(losses.declare("local", OTHER, "an operator", false).missing()).isEmpty();
        endAll();
        assertThat(load(id).progress().reason()).isEqualTo(Reason.CLUSTER_LOST.name());
        assertThat(load(stays).state()).isEqualTo(JobState.STARTING);
        execute("update cluster_lost set declared_at = now() - interval '1 hour'");
        endAll();
        assertThat(losses.all())
                .filteredOn(loss -> loss.identity().equals(OTHER))
                .singleElement()
                .satisfies(loss -> assertThat(loss.doneAt()).isNotNull());
    }

    @Test
    void shouldCloseLogsThatNobodyCanReadAnyMore() {
        JobId id = created("one");
        LogClaims claims = new LogClaims(database);
        LogClaims.PodOfJob pod = new LogClaims.PodOfJob(id, "pod", "local", "default", "p");
        LogClaims.Holder holder =
                new LogClaims.Holder(UUID.randomUUID(), "http://one", Duration.ofMinutes(9));
        claims.claim(pod, List.of(new LogClaims.ContainerOfPod("main", 0, false)), holder);
        lose();
        endAll();
        assertThat(claims.claim(pod, List.of(), holder)).isInstanceOf(LogClaims.Claim.Done.class);
        assertThat(new LogShelf(database).ofJob(id))
                .singleElement()
                .satisfies(log -> {
                    assertThat(log.sha256()).isNotNull();
                    assertThat(log.losses())
                            .singleElement()
                            .satisfies(loss -> {
                                assertThat(loss.why()).isEqualTo(Loss.Why.POD_GONE);
                                assertThat(loss.message()).contains("declared lost");
                            });
                });
    }

    @Test
    void shouldTakeTheNameInTheClusterThatAnswersBeforeItSettles() {
        JobId id = claimed("begun");
        lose();
        endAll();
        processor.heartbeat("local", OTHER);
        assertThat(checks.lease("local", Duration.ofSeconds(30), 10).jobs())
                .extracting(Job::id)
                .containsExactly(id);
        assertThat(due(id)).containsExactly(new Command.Occupy());
        assertThat(claim(id, OTHER)).isPresent();
        write(id, new Input.Occupied(seen(load(id))));
        assertThat(load(id).progress().settled()).isFalse();
        assertThat(due(id)).containsExactly(new Command.Retire("uid-1"));
        assertThat(load(id).identity()).isEqualTo(new ClusterIdentity(OTHER, LOST));
        silentFor(Duration.ofMinutes(1));
        assertThat(load(id).progress().reason()).isEqualTo(Reason.CLUSTER_LOST.name());
    }

    /** An earlier creator may thaw too, though another has made the Job meanwhile. */
    @Test
    void shouldTakeTheNameOfAJobWhoseClaimWasTakenOver() {
        JobId id = claimed("twice");
        execute("update job_state set claim_until = clock_timestamp() - interval '1 second'");
        assertThat(claim(id, LOST)).isPresent();
        write(id, new Input.Created(seen(load(id))));
        lose();
        endAll();
        assertThat(load(id).progress().settled()).isFalse();
        assertThat(load(id).progress().kubernetesUid()).isNull();
        execute("update job_state set claim_until = clock_timestamp() - interval '1 second'");
        assertThat(due(id)).containsExactly(new Command.Occupy());
    }

    @Test
    void shouldOpenAgainForAClusterThatIsFoundBeforeAnotherCame() {
        JobId ended = created("ended");
        JobId begun = claimed("begun");
        processor.heartbeat("local", LOST);
        lose();
        assertThat(processor.heartbeat("local", LOST)).as("the gate stays shut").isNull();
        lostJobs.goOn("local", 500);
        assertThat(losses.found("local", LOST, "a finder")).isEmpty();
        assertThat(processor.heartbeat("local", LOST)).isEqualTo(LOST);
        endAll();
        assertThat(load(ended).progress().reason()).isEqualTo(Reason.CLUSTER_LOST.name());
        assertThat(lines(ended).getLast()).contains("ClusterFound", LOST, "says a finder");
        assertThat(losses.all().getFirst().doneAt()).isNotNull();
        // what runs there is left alone
        assertThat(load(ended).isLeftInALostCluster()).isTrue();
        Look there = new Look(seen(load(ended)), List.of());
        assertThat(decider.decide(load(ended), new Input.Looked(there), checks.now()).commands())
                .isEmpty();
        JobSeen job = seen(load(begun));
        write(begun, new Input.Looked(new Look(job, List.of())));
        assertThat(load(begun).progress().settled()).isTrue();
        assertThat(decider.decide(load(begun), new Input.JobObserved(job), checks.now()).commands())
                .isEmpty();
        // and what is not ended yet goes on
        JobId next = created("next");
        assertThat(load(next).identity()).isEqualTo(new ClusterIdentity(LOST, null));
    }

    @Test
    void shouldNotGiveTheNameBackThatAnotherHasTaken() {
        assertThat(losses.found("local", LOST, "a finder")).hasSize(1);
        lose();
        processor.heartbeat("local", OTHER);
        assertThat(losses.found("local", LOST, "a finder"))
                .singleElement()
                .asString()
                .contains("another cluster", OTHER);
        assertThat(processor.heartbeat("local", LOST)).as("still lost").isEqualTo(OTHER);
        assertThat(losses.all().getFirst().foundAt()).isNull();
    }

    @Test
    void shouldBeDeclaredAgainAfterItWasFound() {
        created("one");
        lose();
        endAll();
        losses.found("local", LOST, "a finder");
        processor.heartbeat("local", LOST);
        JobId later = created("later");
        silentFor(Duration.ofMinutes(5));
        assertThat(declare().accepted()).isTrue();
        endAll();
        assertThat(load(later).progress().reason()).isEqualTo(Reason.CLUSTER_LOST.name());
        assertThat(losses.all()).hasSize(1);
    }

    @Test
    void shouldLetAScheduleThatForbidsGoOn() {
        Schedules schedules = new Schedules(database);
        UUID id = UUID.randomUUID();
        schedules.create(
                new Schedules.NewSchedule(
                        id,
                        "default",
                        "forbids",
                        "local",
                        null,
                        Map.of(
                                "every",
                                "1m",
                                "concurrency",
                                "Forbid",
                                "catchUp",
                                Map.of("all", BigDecimal.TEN),
                                "job",
                                Map.of("image", "busybox:1.36")),
                        Map.of(),
                        false,
                        "tester"));
        Clerk clerk =
                new Clerk(
                        new Accountant(new Accountant.Rules(Duration.ofDays(1), 100)),
                        Zones.ofJdk(),
                        PodPolicies.STANDARD,
                        at -> JobId.at(millis++, random));
        Ledger ledger = new Ledger(database, decider);
        assertThat(submittedAfterAMinute(id, ledger, clerk)).isEqualTo(1);
        admissions.admit("local", ROOM);
        assertThat(submittedAfterAMinute(id, ledger, clerk)).as("it has not ended").isEqualTo(1);
        lose();
        endAll();
        assertThat(submittedAfterAMinute(id, ledger, clerk)).isEqualTo(2);
    }

    private long submittedAfterAMinute(UUID schedule, Ledger ledger, Clerk clerk) {
        execute("update schedule_run set planned_at = planned_at - interval '1 day'");
        execute("update job set planned_at = planned_at - interval '1 day'");
        execute(
                "update schedule set accounted_until = clock_timestamp() - interval '61 seconds',"
                        + " next_due = clock_timestamp() - interval '1 second' where id = '%s'"
                                .formatted(schedule));
        ledger.account(10, clerk.withRoomFor(100));
        return ledger.runs(schedule, null, 50).stream()
                .filter(run -> run.verdict() == Verdict.SUBMITTED)
                .count();
    }
}
