package io.windlass.job;

import static io.windlass.job.Fixtures.NOW;
import static io.windlass.job.Fixtures.UID;
import static io.windlass.job.Fixtures.condition;
import static io.windlass.job.Fixtures.decide;
import static io.windlass.job.Fixtures.ended;
import static io.windlass.job.Fixtures.look;
import static io.windlass.job.Fixtures.progress;
import static io.windlass.job.Fixtures.seen;
import static io.windlass.job.Fixtures.strangers;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Jobs of a cluster that was declared lost. */
class DeciderLostTest {
    private static final Input LOST = new Input.ClusterLost("lost", "an operator", NOW);
    private static final ClusterIdentity WAITS = new ClusterIdentity("lost", "lost");
    private static final ClusterIdentity IN_THE_NEXT = new ClusterIdentity("next", "lost");
    private static final Claim OVER = new Claim(UUID.randomUUID(), NOW.minusSeconds(1));
    private static final Claim ACTIVE = new Claim(UUID.randomUUID(), NOW.plusSeconds(9));

    private static Job job(
            Desired desired, @Nullable String uid, @Nullable Claim claim, int taken) {
        return Fixtures.job(progress(JobState.STARTING, desired, uid), claim, taken);
    }

    private static Progress lost(@Nullable String uid, @Nullable Claim claim, int taken) {
        return decide(job(new Desired.Run(), uid, claim, taken), LOST).next();
    }

    /** It has its answer, and waits for a cluster in which its name is to be taken. */
    private static Job waits(ClusterIdentity identity, Claim claim) {
        Progress ended = lost(null, OVER, 0);
        return Fixtures.job(ended, claim, 0).in(identity);
    }

    @Test
    void shouldSayThatNothingRanOnlyWhereNoCreatorEverBegan() {
        assertThat(lost(null, null, 0).mayHaveRun()).isFalse();
        assertThat(lost(null, null, 1).mayHaveRun()).isTrue();
        assertThat(lost(null, OVER, 0).mayHaveRun()).isTrue();
        assertThat(lost(UID, OVER, 0).mayHaveRun()).isTrue();
    }

    @Test
    void shouldWaitForAClusterOnlyWhereACreatorMayThaw() {
        assertThat(lost(null, null, 0).settled()).isTrue();
        assertThat(lost(UID, OVER, 0).settled()).as("its POST is done").isTrue();
        for (Progress mayThaw : List.of(lost(null, OVER, 0), lost(UID, OVER, 1))) {
            assertThat(mayThaw.settled()).isFalse();
            assertThat(mayThaw.kubernetesUid()).isNull();
            assertThat(mayThaw.nextCheckAt()).isEqualTo(NOW);
        }
    }

    /** A creator that thawed may have made it in the next cluster. */
    @Test
    void shouldNotTakeAJobThatWasSeenAfterTheSilenceForOneOfTheLostCluster() {
        Input before = new Input.ClusterLost("lost", "an operator", NOW.minusSeconds(51));
        Progress late = decide(job(new Desired.Run(), UID, OVER, 0), before).next();
        assertThat(late.settled()).isFalse();
        assertThat(late.kubernetesUid()).isNull();
        Decision told = decide(waits(WAITS, OVER), new Input.Created(seen(UID)));
        assertThat(told.next().kubernetesUid()).isNull();
    }

    @Test
    void shouldTellWhoDeclaredItAndWhatWasDecidedBefore() {
        Decision given =
                decide(
                        job(new Desired.Fail(Reason.IMAGE_NOT_FOUND, "no such"), UID, OVER, 0),
                        LOST);
        assertThat(given.next().reason()).isEqualTo("CLUSTER_LOST");
        assertThat(given.next().message())
                .contains("cluster local (lost) was declared lost by an operator")
                .contains("it was about to fail: IMAGE_NOT_FOUND: no such");
        assertThat(given.evidence().source()).isEqualTo(Evidence.Source.API);
        Decision cancelled = decide(job(new Desired.Cancel(), UID, OVER, 0), LOST);
        assertThat(cancelled.next().state()).isEqualTo(JobState.CANCELLED);
        assertThat(cancelled.evidence().message()).contains("by an operator");
        assertThat(decide(Fixtures.queued(), LOST).evidence()).isNull();
    }

    @Test
    void shouldSettleWhatHasItsAnswer() {
        Decision settled = decide(Fixtures.job(ended(JobState.SUCCEEDED)), LOST);
        assertThat(settled.next().settled()).isTrue();
        assertThat(settled.commands()).isEmpty();
        assertThat(settled.evidence().message()).contains("declared lost by an operator");
        Job takenOver = Fixtures.job(ended(JobState.CANCELLED), OVER, 1);
        assertThat(decide(takenOver, LOST).next().settled()).isFalse();
    }

    @Test
    void shouldTakeTheNameOnceTheClaimIsOver() {
        assertThat(decide(waits(WAITS, OVER), new Input.Due()).commands())
                .containsExactly(new Command.Occupy());
        Decision early = decide(waits(WAITS, ACTIVE), new Input.Due());
        assertThat(early.commands()).isEmpty();
        assertThat(early.next().nextCheckAt()).isEqualTo(ACTIVE.until());
    }

    /**
     * Whose Job a list or a look shows is known only by the cluster in which the name was claimed.
     */
    @Test
    void shouldTakeTheNameBeforeItLooks() {
        Look listed = Look.listed(seen("uid-next"), List.of(), 100);
        Decision told = decide(waits(WAITS, OVER), new Input.Looked(listed));
        assertThat(told.next().lookWantedAt()).isEqualTo(NOW);
        Job asked = Fixtures.job(told.next(), OVER, 0).in(WAITS);
        assertThat(decide(asked, new Input.Due()).commands()).containsExactly(new Command.Occupy());
        assertThat(asked.mayPost(NOW)).isTrue();
    }

    @Test
    void shouldStopWhatAThawedCreatorMadeInTheNextCluster() {
        Job job = waits(IN_THE_NEXT, OVER);
        Decision met = decide(job, new Input.Looked(look(seen("uid-next"))));
        assertThat(met.next().kubernetesUid()).isEqualTo("uid-next");
        assertThat(met.next().settled()).isFalse();
        Job adopted = Fixtures.job(met.next(), OVER, 1).in(IN_THE_NEXT);
        assertThat(decide(adopted, new Input.Due()).commands())
                .containsExactly(new Command.Retire("uid-next"));
    }

    @Test
    void shouldLeaveAloneWhatRunsInTheLostClusterThatWasFound() {
        Decision met = decide(waits(WAITS, OVER), new Input.Looked(look(seen(UID))));
        assertThat(met.next().settled()).isTrue();
        assertThat(met.commands()).isEmpty();
        Job left = Fixtures.job(met.next(), OVER, 1).in(WAITS);
        assertThat(left.isLeftInALostCluster()).isTrue();
        assertThat(decide(left, new Input.JobObserved(seen(UID))).commands()).isEmpty();
        assertThat(decide(left, new Input.Looked(look(seen(UID)))).commands()).isEmpty();
        Decision placeholder =
                decide(
                        waits(WAITS, OVER),
                        new Input.Looked(look(seen(UID, condition("Suspended", "JobSuspended")))));
        assertThat(placeholder.next().settled()).as("it keeps the name").isFalse();
    }

    /** What a watch tells late may be of the lost cluster. */
    @Test
    void shouldNotAdoptByAWatch() {
        Decision told = decide(waits(WAITS, OVER), new Input.JobObserved(seen(UID)));
        assertThat(told.next().kubernetesUid()).isNull();
        assertThat(told.evidence()).isNull();
    }

    @Test
    void shouldLookAgainOrSettleAsTheNameIs() {
        Decision gone = decide(waits(IN_THE_NEXT, OVER), new Input.Looked(Look.NOTHING));
        assertThat(gone.next().settled()).isFalse();
        assertThat(gone.next().nextCheckAt()).isEqualTo(NOW);
        Decision taken =
                decide(waits(IN_THE_NEXT, OVER), new Input.Looked(look(strangers("theirs"))));
        assertThat(taken.next().settled()).isTrue();
    }

    /** A cluster that was just made has no namespaces yet. */
    @Test
    void shouldTryAgainWhereTheRefusalMayPass() {
        Input passing = new Input.CreateRefused(Input.Refusal.NAMESPACE_MISSING, "no");
        Input lasting = new Input.CreateRefused(Input.Refusal.SPEC_INVALID, "no");
        assertThat(decide(waits(IN_THE_NEXT, OVER), passing).next().settled()).isFalse();
        assertThat(decide(waits(IN_THE_NEXT, OVER), lasting).next().settled()).isTrue();
        Job usual = Fixtures.job(ended(JobState.FAILED), OVER, 1);
        assertThat(decide(usual, passing).next().settled()).isTrue();
    }

    @Test
    void shouldTellThatTheClusterIsThereAgainAndChangeNothing() {
        Job job = waits(WAITS, OVER);
        Decision told = decide(job, new Input.ClusterFound("lost", "a finder"));
        assertThat(told.evidence().reason()).isEqualTo("ClusterFound");
        assertThat(told.evidence().message()).contains("says a finder");
        assertThat(told.next()).isEqualTo(job.progress());
    }
}
