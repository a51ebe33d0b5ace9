package io.windlass.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Claim;
import io.windlass.job.ClusterIdentity;
import io.windlass.job.Decider;
import io.windlass.job.DecidingPods;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobSeen;
import io.windlass.job.JobState;
import io.windlass.job.Look;
import io.windlass.job.PodRecord;
import io.windlass.job.PodSeen;
import io.windlass.job.Rules;
import io.windlass.job.Shares;
import io.windlass.store.Admissions;
import io.windlass.store.Checks;
import io.windlass.store.Heartbeats;
import io.windlass.store.LostJobs;
import io.windlass.store.NewJob;
import io.windlass.store.Progressions;
import io.windlass.store.Sequencing;
import io.windlass.store.Submissions;
import io.windlass.store.Wishes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the code may rely on of any store: the same tests for the one in memory and PostgreSQL. */
abstract class StoreConformance {
    private static final Admissions.Bounds ROOM = new Admissions.Bounds(100, 100, 100, 100);
    private static final String KNOWN = "uid-of-kube-system";
    private final UUID installation = UUID.randomUUID();
    private final Decider decider = new Decider(Rules.DEFAULT, installation);
    private final Random random = new Random(5);
    private long millis = 1_000_000;

    abstract Progressions progressions();

    abstract Checks checks();

    abstract Submissions submissions();

    abstract Sequencing sequencing();

    abstract Heartbeats heartbeats();

    /** The one that is known. */
    abstract void declareLost();

    /** Lets the store's clock move on. */
    abstract void pass(Duration time);

    private NewJob job(int number, String hash) {
        Meant meant = Meant.good(number, Meant.USUAL);
        return meant.job(JobId.at(millis++, random), hash);
    }

    private JobId submitted(int number) {
        NewJob job = job(number, "hash");
        assertThat(submissions().store(List.of(job)))
                .singleElement()
                .isInstanceOfSatisfying(
                        Submissions.Outcome.Stored.class,
                        stored -> assertThat(stored.id()).isEqualTo(job.id()));
        return job.id();
    }

    private Admissions admissions() {
        return new Admissions(progressions(), decider);
    }

    private JobId started() {
        JobId id = submitted(1);
        admissions().admit(Processor.CLUSTER, ROOM);
        heartbeats().heartbeat(Processor.CLUSTER, KNOWN);
        return id;
    }

    private Optional<Claim> claim(JobId id, UUID token, Duration lasts) {
        return checks().claim(load(id), token, KNOWN, lasts).map(Checks.Granted::claim);
    }

    private Job load(JobId id) {
        return progressions().load(id).orElseThrow();
    }

    private Progressions.Step step(Job job, Input input) {
        return new Progressions.Step(job, decider.decide(job, input, checks().now()));
    }

    @Test
    void shouldGiveOneJobForOneKeyAndTellAnotherBody() {
        NewJob first = job(1, "body");
        submissions().store(List.of(first));
        assertThat(submissions().store(List.of(job(1, "body"))))
                .containsExactly(new Submissions.Outcome.SameAsBefore(first.id()));
        assertThat(submissions().store(List.of(job(1, "other"))))
                .containsExactly(new Submissions.Outcome.KeyUsedOtherwise(first.id()));
        assertThat(submissions().storedAt(first.id())).isPresent();
        assertThat(submissions().storedAt(JobId.at(1, random))).isEmpty();
    }

    @Test
    void shouldLetOnlyOneOfTwoWritersWin() {
        Job read = load(submitted(1));
        assertThat(progressions().write(step(read, new Input.Admitted()))).isTrue();
        assertThat(progressions().write(step(read, new Input.CancelRequested("late")))).isFalse();
        assertThat(load(read.id()).version()).isEqualTo(2);
    }

    /**
     * Two messages about one job in one batch: the first moves its check, the second changes it.
     */
    @Test
    void shouldNotCallItALostRaceThatAJobIsDecidedTwiceInOneBatch() {
        Job read = load(started());
        Progressions.Step nudge =
                step(read, new Input.CreateFailed("busy", Duration.ofSeconds(30)));
        assertThat(nudge.decision().evidence()).isNull();
        Progressions.Step change =
                step(read.after(nudge.decision()), new Input.CancelRequested("tester"));
        List<Progressions.Step> lost =
                progressions().inTransaction(batch -> batch.write(List.of(nudge, change)));
        assertThat(lost).isEmpty();
        assertThat(load(read.id()).progress().desired().isRun()).isFalse();
    }

    @Test
    void shouldKeepNothingOfATransactionThatFails() {
        Job read = load(submitted(1));
        try {
            progressions()
                    .inTransaction(batch -> {
                        assertThat(batch.write(List.of(step(read, new Input.Admitted()))))
                                .isEmpty();
                        throw new Progressions.RaceLostException();
                    });
        } catch (Progressions.RaceLostException e) {
            assertThat(load(read.id())).isEqualTo(read);
        }
    }

    @Test
    void shouldAdmitInOrderAndWithinBounds() {
        JobId first = submitted(1);
        JobId second = submitted(2);
        Admissions.Bounds one = new Admissions.Bounds(1, 100, 100, 100);
        assertThat(admissions().admit(Processor.CLUSTER, one).admitted()).isEqualTo(1);
        assertThat(load(first).state()).isEqualTo(JobState.STARTING);
        assertThat(load(second).state()).isEqualTo(JobState.QUEUED);
        assertThat(admissions().admit(Processor.CLUSTER, one).admitted()).isZero();
        assertThat(admissions().admit(Processor.CLUSTER, ROOM).admitted()).isEqualTo(1);
    }

    @Test
    void shouldNotAdmitWhatIsCancelled() {
        JobId id = submitted(1);
        assertThat(new Wishes(progressions(), decider).cancel(id, "me")).isPresent();
        assertThat(admissions().admit(Processor.CLUSTER, ROOM).admitted()).isZero();
    }

    @Test
    @Tag("slow")
    void shouldLeaseWhatIsDueOnceUntilTheLeaseIsOver() {
        JobId id = started();
        Checks.Lease lease = checks().lease(Processor.CLUSTER, Duration.ofSeconds(2), 10);
        assertThat(lease.jobs()).extracting(Job::id).containsExactly(id);
        assertThat(checks().lease(Processor.CLUSTER, Duration.ofSeconds(2), 10).jobs()).isEmpty();
        pass(Duration.ofSeconds(3));
        assertThat(checks().overdue(Processor.CLUSTER, 10)).isEqualTo(1);
        assertThat(checks().lease(Processor.CLUSTER, Duration.ofSeconds(2), 10).jobs()).hasSize(1);
    }

    @Test
    @Tag("slow")
    void shouldGiveBackADemandForALookAtTheEndOfItsLeaseUntilALookAnswersIt() {
        JobId id = started();
        Duration length = Duration.ofSeconds(2);
        progressions().write(step(load(id), new Input.CancelRequested("tester")));
        Job leased = checks().lease(Processor.CLUSTER, length, 10).jobs().getFirst();
        progressions().write(step(load(id), new Input.CallFailed("", Duration.ofMinutes(9))));
        assertThat(checks().lease(Processor.CLUSTER, length, 10).jobs()).isEmpty();
        pass(Duration.ofSeconds(3));
        Job again = checks().lease(Processor.CLUSTER, length, 10).jobs().getFirst();
        assertThat(again.id()).isEqualTo(id);
        Instant seen = again.progress().lookWantedAt();
        assertThat(seen).isNotNull().isNotEqualTo(leased.progress().lookWantedAt());
        JobSeen theirs = new JobSeen("default", "a-name", "uid", 5, null, null, List.of());
        progressions().write(step(load(id), new Input.Looked(new Look(theirs, List.of()), seen)));
        assertThat(load(id).progress().lookWantedAt()).isNull();
    }

    @Test
    @Tag("slow")
    void shouldGiveAClaimToOneUntilItIsOverAndCountWhoTakesItOver() {
        JobId id = started();
        UUID one = UUID.randomUUID();
        UUID other = UUID.randomUUID();
        Claim claim = claim(id, one, Duration.ofSeconds(2)).orElseThrow();
        assertThat(claim.token()).isEqualTo(one);
        assertThat(claim(id, other, Duration.ofSeconds(2))).isEmpty();
        checks().release(id, other);
        assertThat(load(id).claim()).as("not the other's to give back").isNotNull();
        pass(Duration.ofSeconds(3));
        assertThat(claim(id, other, Duration.ofSeconds(2))).isPresent();
        assertThat(load(id).takeovers()).isEqualTo(1);
        checks().release(id, other);
        assertThat(load(id).claim()).isNull();
        assertThat(claim(id, one, Duration.ofSeconds(2))).isPresent();
        assertThat(load(id).takeovers()).as("given back, not taken over").isEqualTo(1);
    }

    @Test
    void shouldGiveNoClaimForAClusterThatIsNotTheKnownOne() {
        JobId id = started();
        assertThat(heartbeats().heartbeat(Processor.CLUSTER, "another")).isEqualTo(KNOWN);
        assertThat(checks().claim(load(id), UUID.randomUUID(), "another", Duration.ofSeconds(2)))
                .isEmpty();
        assertThat(load(id).identity()).isEqualTo(ClusterIdentity.NONE);
        assertThat(claim(id, UUID.randomUUID(), Duration.ofSeconds(2))).isPresent();
        assertThat(load(id).identity()).isEqualTo(new ClusterIdentity(KNOWN, null));
    }

    @Test
    @Tag("slow")
    void shouldEndTheJobsOfALostClusterAndTakeTheirNamesInTheNext() {
        JobId id = started();
        assertThat(claim(id, UUID.randomUUID(), Duration.ofSeconds(2))).isPresent();
        declareLost();
        assertThat(heartbeats().heartbeat(Processor.CLUSTER, KNOWN)).isNull();
        assertThat(heartbeats().heartbeat(Processor.CLUSTER, null)).isNull();
        assertThat(heartbeats().heartbeat(Processor.CLUSTER, "another")).isEqualTo("another");
        assertThat(checks().lease(Processor.CLUSTER, Duration.ofSeconds(2), 10).jobs()).isEmpty();
        LostJobs lost = new LostJobs(progressions(), decider);
        assertThat(lost.goOn(Processor.CLUSTER, 10).steps()).hasSize(1);
        assertThat(lost.goOn(Processor.CLUSTER, 10).steps()).isEmpty();
        assertThat(load(id).state()).isEqualTo(JobState.FAILED);
        assertThat(load(id).progress().settled()).isFalse();
        pass(Duration.ofSeconds(3));
        Checks.Places noPosts = new Checks.Places(new Shares(9, Map.of()), new Shares(0, Map.of()));
        assertThat(checks().lease(Processor.CLUSTER, Duration.ofSeconds(2), noPosts).jobs())
                .as("its name is taken by a POST")
                .isEmpty();
        Look listed = Look.listed(seen(id, 100), List.of(), 100);
        progressions().write(step(load(id), new Input.Looked(listed)));
        assertThat(load(id).progress().lookWantedAt()).isNotNull();
        assertThat(checks().lease(Processor.CLUSTER, Duration.ofSeconds(2), noPosts).jobs())
                .as("also where a look is wanted")
                .isEmpty();
        assertThat(checks().lease(Processor.CLUSTER, Duration.ofSeconds(2), 10).jobs())
                .extracting(Job::id)
                .containsExactly(id);
        assertThat(claim(id, UUID.randomUUID(), Duration.ofSeconds(2))).isEmpty();
        assertThat(checks().claim(load(id), UUID.randomUUID(), "another", Duration.ofSeconds(2)))
                .isPresent();
        assertThat(load(id).identity()).isEqualTo(new ClusterIdentity("another", KNOWN));
    }

    @Test
    void shouldMakeThePostsOfItsNamespaceDueWhereOthersWait() {
        JobId id = started();
        Input failed = new Input.CreateFailed("429", Duration.ofMinutes(9));
        progressions().write(step(load(id), failed));
        assertThat(load(id).progress().trouble()).isNotNull();
        assertThat(checks().lease(Processor.CLUSTER, Duration.ofMinutes(5), 10).jobs()).isEmpty();
        assertThat(checks().postAgain(Processor.CLUSTER, "elsewhere")).isZero();
        assertThat(checks().postAgain(Processor.CLUSTER, load(id).namespace())).isEqualTo(1);
        Checks.Lease lease = checks().lease(Processor.CLUSTER, Duration.ofMinutes(5), 10);
        assertThat(lease.jobs()).extracting(Job::id).containsExactly(id);
        assertThat(lease.jobs().getFirst().mayPost(checks().now())).isTrue();
        assertThat(
                        checks().claim(load(id), new UUID(0, 1), KNOWN, Duration.ofSeconds(2))
                                .orElseThrow()
                                .othersWait())
                .isTrue();
    }

    @Test
    void shouldLeaseNoMoreThanThePlacesOfPostsWhereAllWouldPost() {
        for (int i = 1; i <= 4; i++) {
            submitted(i);
        }
        admissions().admit(Processor.CLUSTER, ROOM);
        Checks.Places places = new Checks.Places(new Shares(4, Map.of()), new Shares(3, Map.of()));
        Checks.Lease lease = checks().lease(Processor.CLUSTER, Duration.ofMinutes(5), places);
        assertThat(lease.jobs()).hasSize(3);
        assertThat(lease.more()).isTrue();
    }

    @Test
    void shouldGiveNoClaimToWhoReadAnOlderVersion() {
        Job queued = load(submitted(1));
        admissions().admit(Processor.CLUSTER, ROOM);
        heartbeats().heartbeat(Processor.CLUSTER, KNOWN);
        assertThat(checks().claim(queued, UUID.randomUUID(), KNOWN, Duration.ofSeconds(2)))
                .isEmpty();
    }

    @Test
    @Tag("slow")
    void shouldKeepAnEarlierCheckThatAnotherAskedFor() {
        JobId id = started();
        Job leased = checks().lease(Processor.CLUSTER, Duration.ofMinutes(5), 10).jobs().getFirst();
        Instant soon = checks().now().plusSeconds(1);
        progressions().write(step(load(id), new Input.CreateFailed("", Duration.ofSeconds(1))));
        progressions().write(step(leased, new Input.CreateFailed("", Duration.ofMinutes(9))));
        assertThat(load(id).progress().nextCheckAt())
                .isBetween(soon.minusSeconds(1), soon.plusSeconds(1));
    }

    @Test
    void shouldLookAtWhatAListShouldHaveShown() {
        JobId id = started();
        Job job = load(id);
        assertThat(checks().lookAtAllBut(List.of(), Processor.CLUSTER, checks().now()))
                .as("nothing of it is in the cluster yet")
                .isEmpty();
        assertThat(job.progress().kubernetesUid()).isNull();
    }

    private JobSeen seen(JobId id, long guard, JobSeen.Condition... conditions) {
        JobSeen.Owner owner = new JobSeen.Owner(installation.toString(), id.toString(), 1, "hash");
        Job job = load(id);
        return new JobSeen(
                job.namespace(),
                Objects.requireNonNull(job.progress().kubernetesName()),
                "uid",
                guard,
                owner,
                null,
                List.of(conditions));
    }

    /** A list may be older than all that has become of its job. */
    @Test
    void shouldHaveASettledJobLookedAtWithoutANewVersion() {
        JobId id = started();
        JobSeen.Condition complete = new JobSeen.Condition("Complete", true, "", "", Instant.EPOCH);
        progressions().write(step(load(id), new Input.Created(seen(id, 5))));
        progressions().write(step(load(id), new Input.JobObserved(seen(id, 6, complete))));
        progressions().write(step(load(id), new Input.Looked(Look.NOTHING)));
        Job settled = load(id);
        assertThat(settled.progress().settled()).isTrue();
        Input listed = new Input.Looked(Look.listed(seen(id, 5), List.of(), 9));
        assertThat(progressions().write(step(settled, listed))).isTrue();
        assertThat(load(id).version()).isEqualTo(settled.version());
        assertThat(checks().lease(Processor.CLUSTER, Duration.ofMinutes(1), 10).jobs())
                .extracting(Job::id)
                .containsExactly(id);
        Instant demand = load(id).progress().lookWantedAt();
        assertThat(demand).isNotNull();
        progressions().write(step(load(id), new Input.Looked(Look.NOTHING, demand)));
        assertThat(load(id).version()).isEqualTo(settled.version());
        assertThat(load(id).progress().lookWantedAt()).isNull();
    }

    /** P14: a job may have a thousand pods that are over. */
    @Test
    void shouldGiveOnlyThePodsThatDecideToWhoAsksForNoOther() {
        JobId id = started();
        progressions().write(step(load(id), new Input.Created(seen(id, 5))));
        List<PodSeen> pods = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            pods.add(pod(i));
        }
        progressions().write(step(load(id), new Input.Looked(new Look(seen(id, 6), pods))));
        progressions().write(step(load(id), new Input.PodObserved(pod(60))));
        progressions()
                .write(
                        step(
                                load(id),
                                new Input.Looked(
                                        new Look(
                                                seen(id, 7),
                                                pods.stream().filter(PodSeen::over).toList()))));
        progressions().write(step(load(id), new Input.PodObserved(pod(63))));
        List<PodRecord> all = load(id).pods();
        assertThat(all).hasSize(62);
        Set<String> asked = Set.of("pod-8", "pod-9", "unknown");
        List<PodRecord> deciding = DecidingPods.of(all, asked);
        assertThat(deciding).hasSizeBetween(10, 40);
        assertThat(podsOf(id, batch -> batch.load(List.of(id), asked)))
                .containsExactlyInAnyOrderElementsOf(deciding);
        assertThat(podsOf(id, batch -> batch.loadLocked(List.of(id), asked)))
                .containsExactlyInAnyOrderElementsOf(deciding);
        assertThat(podsOf(id, batch -> batch.loadLocked(List.of(id), Set.of())))
                .containsExactlyInAnyOrderElementsOf(DecidingPods.of(all, Set.of()));
        assertThat(podsOf(id, batch -> batch.loadLocked(List.of(id))))
                .containsExactlyInAnyOrderElementsOf(all);
    }

    private List<PodRecord> podsOf(JobId id, Progressions.Work<Map<JobId, Job>> load) {
        return Objects.requireNonNull(progressions().inTransaction(load).get(id)).pods();
    }

    /** One of each: live or over, started or not, told why or not. */
    private PodSeen pod(int number) {
        boolean live = number % 20 == 3;
        boolean succeeded = number % 3 == 0;
        Instant started = number % 2 == 0 ? null : Instant.EPOCH.plusSeconds(60);
        PodSeen.Ended end =
                live || started == null
                        ? null
                        : new PodSeen.Ended(succeeded ? 0 : 1, "Error", "of " + number);
        return new PodSeen(
                "pod-" + number,
                "pod-" + number,
                100 + (number * 37L) % 61,
                1,
                live ? "Running" : succeeded ? "Succeeded" : "Failed",
                started != null ? "" : number % 4 == 0 ? "Evicted" : "ContainerStatusUnknown",
                "",
                number % 5 == 0 ? null : "node-1",
                null,
                number % 7 == 0,
                null,
                true,
                PodSeen.Told.NOTHING,
                List.of(new PodSeen.ContainerSeen("main", "i", null, started, end)),
                new PodSeen.Owner("default", "uid"));
    }

    @Test
    void shouldGiveTheFeedItsNumbersOnce() {
        submitted(1);
        submitted(2);
        assertThat(sequencing().sequence(1)).isEqualTo(1);
        assertThat(sequencing().sequence(10)).isEqualTo(1);
        assertThat(sequencing().sequence(10)).isZero();
    }

    @Test
    void shouldGiveBackTheSpecThatWasStored() {
        JobId id = submitted(7);
        Map<String, Object> spec = Map.copyOf(withoutNulls(checks().spec(id).tree()));
        assertThat(spec).containsEntry("name", "job-7").containsEntry("image", "busybox:1.36");
    }

    private static Map<String, Object> withoutNulls(Map<String, ?> tree) {
        Map<String, Object> out = new HashMap<>();
        tree.forEach((key, value) -> {
            if (value != null) {
                out.put(key, value);
            }
        });
        return out;
    }
}
