package io.windlass.job;

import static io.windlass.job.Fixtures.DECIDER;
import static io.windlass.job.Fixtures.NAME;
import static io.windlass.job.Fixtures.NOW;
import static io.windlass.job.Fixtures.UID;
import static io.windlass.job.Fixtures.condition;
import static io.windlass.job.Fixtures.exited;
import static io.windlass.job.Fixtures.inState;
import static io.windlass.job.Fixtures.job;
import static io.windlass.job.Fixtures.look;
import static io.windlass.job.Fixtures.pod;
import static io.windlass.job.Fixtures.progress;
import static io.windlass.job.Fixtures.running;
import static io.windlass.job.Fixtures.seen;
import static io.windlass.job.Fixtures.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** P4: what a Job will come to is fixed, and its pods do not go. */
class ConcludingTest {
    private static final Duration BOUND = Rules.Checks.DEFAULT.deletionBound();
    private static final Duration OFTEN = Rules.Checks.DEFAULT.deleting();

    /** On a node that stays away. */
    private static final PodSeen STAYS = pod(30, "Running", running());

    private static final PodSeen SUCCEEDED = pod(30, "Succeeded", exited(0, "Completed", ""));

    private static Job later(Job job, Input input, Duration after) {
        return job.after(DECIDER.decide(job, input, NOW.plus(after)));
    }

    private static Input.Looked looked(JobSeen seen) {
        return new Input.Looked(look(seen, STAYS));
    }

    @ParameterizedTest
    @CsvSource({
        "DeadlineExceeded,     DEADLINE_EXCEEDED",
        "PodFailurePolicy,     EVICTED",
        "BackoffLimitExceeded, EVICTED"
    })
    void shouldFailAJobWhoseFailureIsFixedAndDoesNotCome(String why, Reason reason) {
        JobSeen fixed = seen(UID, condition("FailureTarget", why));
        Job told = later(inState(JobState.RUNNING), new Input.JobObserved(fixed), Duration.ZERO);
        assertThat(told.progress().marks().endingSince()).isEqualTo(NOW);
        assertThat(told.progress().dueAt()).isEqualTo(NOW.plus(OFTEN));
        Job almost = later(told, looked(fixed), BOUND.minusSeconds(1));
        assertThat(almost.state()).isEqualTo(JobState.RUNNING);
        assertThat(almost.progress().dueAt()).as("the bound itself").isEqualTo(NOW.plus(BOUND));
        Progress end = later(almost, looked(fixed), BOUND).progress();
        assertThat(end.state()).isEqualTo(JobState.FAILED);
        assertThat(end.reason()).isEqualTo(reason.name());
        assertThat(end.mayHaveRun()).isTrue();
        assertThat(end.settled()).isFalse();
    }

    @Test
    void shouldBeToldByTheWatch() {
        assertThat(seen(UID, condition("FailureTarget", "DeadlineExceeded")).decisive())
                .isNotEmpty();
    }

    @Test
    void shouldEndByALookAloneAtTheBound() {
        JobSeen fixed = seen(UID, condition("FailureTarget", "DeadlineExceeded"));
        Job told = later(inState(JobState.RUNNING), new Input.JobObserved(fixed), Duration.ZERO);
        for (Input input :
                List.of(
                        new Input.JobObserved(
                                seen(
                                        UID,
                                        30,
                                        null,
                                        condition("FailureTarget", "DeadlineExceeded"))),
                        new Input.Looked(Look.listed(fixed, List.of(STAYS), 40)))) {
            Job asked = later(told, input, BOUND);
            assertThat(asked.state()).isEqualTo(JobState.RUNNING);
            assertThat(asked.progress().lookWantedAt()).isEqualTo(NOW.plus(BOUND));
        }
    }

    @Test
    void shouldTakeTheFailureThatComesWithinTheBound() {
        JobSeen fixed = seen(UID, condition("FailureTarget", "DeadlineExceeded"));
        Job told = later(inState(JobState.RUNNING), new Input.JobObserved(fixed), Duration.ZERO);
        JobSeen failed =
                seen(
                        UID,
                        condition("FailureTarget", "DeadlineExceeded"),
                        condition("Failed", "DeadlineExceeded"));
        Job end = later(told, looked(failed), Duration.ofSeconds(30));
        assertThat(end.state()).isEqualTo(JobState.FAILED);
        assertThat(end.progress().reason()).isEqualTo(Reason.DEADLINE_EXCEEDED.name());
    }

    /** Another reason than the one that is fixed would be untrue. */
    @Test
    void shouldNotGiveUpWhatWaitsOnceItsFailureIsFixed() {
        JobSeen fixed = seen(UID, condition("FailureTarget", "DeadlineExceeded"));
        PodSeen waits = pod(30, "Pending", waiting("ErrImagePull", "manifest unknown"));
        Job job = job(Fixtures.starting(), Fixtures.known(WaitClass.IMAGE_NOT_FOUND, BOUND, 2));
        Decision told = DECIDER.decide(job, new Input.Looked(look(fixed, waits)), NOW);
        assertThat(told.next().desired().isRun()).isTrue();
        assertThat(told.next().waiting().verdictAt()).isNull();
        assertThat(told.next().dueAt()).isEqualTo(NOW.plus(OFTEN));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSucceedAtTheBoundWhereSuccessIsFixedThoughAPodStays(boolean cancelled) {
        Desired desired = cancelled ? new Desired.Cancel() : new Desired.Run();
        Job job = job(progress(JobState.RUNNING, desired, UID));
        JobSeen fixed = seen(UID, condition("SuccessCriteriaMet", "CompletionsReached"));
        Job told = later(job, looked(fixed), Duration.ZERO);
        assertThat(told.progress().marks().endingSince()).isEqualTo(NOW);
        Job asked = later(told, looked(fixed), Duration.ofSeconds(60));
        assertThat(asked.progress().dueAt())
                .as("not every second without end")
                .isEqualTo(NOW.plusSeconds(60).plus(OFTEN));
        Job almost = later(asked, looked(fixed), BOUND.minusSeconds(1));
        assertThat(almost.state()).isEqualTo(JobState.RUNNING);
        assertThat(almost.progress().dueAt()).isEqualTo(NOW.plus(BOUND));
        Job end = later(almost, looked(fixed), BOUND);
        assertThat(end.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(end.progress().exitCode()).isZero();
    }

    @Test
    void shouldCallAJobDeletedThatIsBeingDeletedForLong() {
        JobSeen going = seen(UID, 20, NOW);
        Job told = later(inState(JobState.RUNNING), looked(going), Duration.ZERO);
        assertThat(told.progress().dueAt()).isEqualTo(NOW.plus(OFTEN));
        Progress end = later(told, looked(going), BOUND).progress();
        assertThat(end.state()).isEqualTo(JobState.FAILED);
        assertThat(end.reason()).isEqualTo(Reason.JOB_DELETED.name());
        assertThat(end.mayHaveRun()).isTrue();
    }

    /** P43: a quota that is used up now lets the first POST through a second later. */
    @Test
    void shouldTryForTheNameUntilTheBoundWhereItIsRefusedForNow() {
        Claim over = new Claim(UUID.randomUUID(), NOW.minusSeconds(1));
        Job job = job(progress(JobState.STARTING, new Desired.Cancel(), null), over, 0);
        for (Input.Refusal refusal : Input.Refusal.values()) {
            Input refused = new Input.CreateRefused(refusal, "no");
            Job told = later(job, refused, Duration.ZERO);
            if (refusal == Input.Refusal.SPEC_INVALID) {
                assertThat(told.state()).isEqualTo(JobState.CANCELLED);
                assertThat(told.progress().mayHaveRun()).isFalse();
                continue;
            }
            assertThat(told.state()).as("%s", refusal).isEqualTo(JobState.STARTING);
            assertThat(told.progress().dueAt()).isEqualTo(NOW.plus(OFTEN));
            assertThat(DECIDER.decide(told, new Input.Due(), NOW.plus(OFTEN)).commands())
                    .containsExactly(new Command.Occupy());
            Progress end = later(told, refused, BOUND).progress();
            assertThat(end.state()).isEqualTo(JobState.CANCELLED);
            assertThat(end.mayHaveRun()).as("nobody knows").isTrue();
        }
    }

    @Test
    void shouldEndACancelAtTheBoundThoughSomebodyElseHasDeletedItsJob() {
        Job job = job(progress(JobState.RUNNING, new Desired.Cancel(), UID));
        Instant deletedAt = NOW.minusSeconds(1);
        JobSeen going =
                new JobSeen("default", NAME, UID, 20, seen(UID).owner(), deletedAt, List.of());
        Job told = later(job, looked(going), Duration.ZERO);
        assertThat(told.progress().deleteRequestedAt()).isEqualTo(NOW);
        assertThat(later(told, looked(going), BOUND).state()).isEqualTo(JobState.CANCELLED);
    }

    /** P44: its Job has not said so yet, and a second later it does. */
    @Test
    void shouldSucceedWhereAllHadSucceededBeforeTheCancel() {
        Job job = job(progress(JobState.RUNNING, new Desired.Cancel(), UID));
        Input.Looked over = new Input.Looked(look(seen(UID), SUCCEEDED));
        Decision first = DECIDER.decide(job, over, NOW);
        assertThat(first.commands()).as("it may still say so").isEmpty();
        assertThat(first.next().dueAt()).isEqualTo(NOW.plusSeconds(1));
        Job told = job.after(first);
        JobSeen complete = seen(UID, 21, null, condition("Complete", "CompletionsReached"));
        Job end = later(told, new Input.JobObserved(complete), Duration.ofSeconds(1));
        assertThat(end.state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void shouldCancelAllTheSameWhereItsJobDoesNotSaySo() {
        Job job = job(progress(JobState.RUNNING, new Desired.Cancel(), UID));
        Input.Looked over = new Input.Looked(look(seen(UID), SUCCEEDED));
        Job told = later(job, over, Duration.ZERO);
        assertThat(DECIDER.decide(told, over, NOW.plusSeconds(9)).commands()).isEmpty();
        assertThat(DECIDER.decide(told, over, NOW.plusSeconds(10)).commands())
                .containsExactly(new Command.Delete(UID));
    }

    /** It may have ended because we ended it. */
    @Test
    void shouldNotWaitForASuccessThatCameAfterTheDeletion() {
        Job job = job(progress(JobState.RUNNING, new Desired.Cancel(), UID));
        Input.Looked runs = new Input.Looked(look(seen(UID), STAYS));
        Job asked = later(later(job, runs, Duration.ZERO), new Input.Deleted(false), OFTEN);
        assertThat(asked.progress().deleteRequestedAt()).isNotNull();
        Input.Looked over = new Input.Looked(look(seen(UID), SUCCEEDED));
        assertThat(DECIDER.decide(asked, over, NOW.plus(OFTEN)).commands())
                .containsExactly(new Command.Delete(UID));
    }

    /** A message is decided with one pod of each kind. */
    @Test
    void shouldNotForgetByAMessageThatAllHaveSucceeded() {
        Job job = job(progress(JobState.RUNNING, new Desired.Cancel(), UID));
        Job told = later(job, new Input.Looked(look(seen(UID), SUCCEEDED)), Duration.ZERO);
        assertThat(told.progress().marks().endingSince()).isEqualTo(NOW);
        JobSeen suspended = seen(UID, 21, null, condition("SuccessCriteriaUnknown", "x"));
        Job message =
                told.withPods(List.of())
                        .after(
                                DECIDER.decide(
                                        told.withPods(List.of()),
                                        new Input.JobObserved(suspended),
                                        NOW.plusSeconds(1)));
        assertThat(message.progress().marks().endingSince()).isEqualTo(NOW);
    }

    /** P43: the bound of a refused name is no bound of a Job that came all the same. */
    @Test
    void shouldGiveAJobThatCameThoughItsNameWasRefusedItsOwnTime() {
        Claim over = new Claim(UUID.randomUUID(), NOW.minusSeconds(1));
        Job job = job(progress(JobState.STARTING, new Desired.Cancel(), null), over, 1);
        Input refused = new Input.CreateRefused(Input.Refusal.NO_ROOM, "no");
        Job told = later(job, refused, Duration.ZERO);
        assertThat(told.progress().deleteRequestedAt()).isEqualTo(NOW);
        Decision met = DECIDER.decide(told, looked(seen(UID)), NOW.plus(BOUND));
        assertThat(met.next().state())
                .as("nothing of it was ended yet")
                .isNotEqualTo(JobState.CANCELLED);
        assertThat(met.commands()).contains(new Command.Retire(UID));
    }
}
