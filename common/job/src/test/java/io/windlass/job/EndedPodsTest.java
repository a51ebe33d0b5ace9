package io.windlass.job;

import static io.windlass.job.Fixtures.DECIDER;
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
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** P26, P47: an answer does not wait for pods for ever; what is left of it is not forgotten. */
class EndedPodsTest {
    private static final Duration BOUND = Rules.Checks.DEFAULT.deletionBound();
    private static final PodSeen STAYS = pod(30, "Running", running());
    private static final JobSeen FIXED = seen(UID, condition("FailureTarget", "DeadlineExceeded"));
    private static final JobSeen DELETED = seen(UID, 20, NOW);
    private static final Command END = new Command.EndPods(UID, Rules.Cleanup.DEFAULT.podGrace());

    private static Job after(Job job, Input input, Duration later) {
        return job.after(DECIDER.decide(job, input, NOW.plus(later)));
    }

    /** By its timeout, and by a cancel. */
    static Stream<Job> endedAtTheBound() {
        Input fixed = new Input.Looked(look(FIXED, STAYS));
        Job late = after(after(inState(JobState.RUNNING), fixed, Duration.ZERO), fixed, BOUND);
        Input deleted = new Input.Looked(look(DELETED, STAYS));
        Job cancelled = job(progress(JobState.RUNNING, new Desired.Cancel(), UID));
        Job gone = after(after(cancelled, new Input.Deleted(false), Duration.ZERO), deleted, BOUND);
        return Stream.of(late, gone);
    }

    @ParameterizedTest
    @MethodSource("endedAtTheBound")
    void shouldEndThePodsThatRemainAndCountThemUntilTheyAreGone(Job ended) {
        assertThat(ended.state().terminal()).isTrue();
        assertThat(ended.progress().mayHaveRun()).isTrue();
        assertThat(ended.progress().marks().podsRemainSince()).isEqualTo(NOW.plus(BOUND));
        assertThat(ended.progress().dueAt()).isEqualTo(NOW.plus(BOUND));
        assertThat(DECIDER.decide(ended, new Input.Due(), NOW.plus(BOUND)).commands())
                .containsExactly(END);
        JobSeen there = ended.state() == JobState.FAILED ? FIXED : DELETED;
        Job still = after(ended, new Input.Looked(look(there, STAYS)), BOUND.plusSeconds(1));
        assertThat(still.progress().settled()).isFalse();
        assertThat(still.progress().marks().podsRemainSince()).isNotNull();
        assertThat(still.progress().waiting().waitClass()).isEqualTo(WaitClass.PODS_REMAIN);
        assertThat(still.progress().waiting().object()).isEqualTo("node node-1");
        Input lost = new Input.ClusterLost("lost", "an operator", NOW.plus(BOUND.multipliedBy(9)));
        Job left = after(still, lost, BOUND.multipliedBy(9));
        assertThat(left.progress().settled()).isTrue();
        assertThat(left.progress().waiting()).as("nobody waits for them").isNull();
        assertThat(left.progress().marks().podsRemainSince()).isNull();
        PodSeen over = pod(31, "Failed", exited(137, "Error", ""));
        Job gone = after(still, new Input.Looked(look(there, over)), BOUND.multipliedBy(2));
        assertThat(gone.progress().marks().podsRemainSince()).isNull();
        assertThat(gone.progress().waiting()).isNull();
        assertThat(gone.progress().dueAt()).isEqualTo(NOW.plus(BOUND.multipliedBy(2)));
    }

    @Test
    void shouldNotCallPodsGoneByAList() {
        Job ended = endedAtTheBound().findFirst().orElseThrow();
        Look listed = Look.listed(FIXED, List.of(), 40);
        assertThat(after(ended, new Input.Looked(listed), BOUND).progress().marks())
                .isEqualTo(ended.progress().marks());
    }

    @Test
    void shouldNotWaitForPodsOfAJobThatHasEndedByItself() {
        JobSeen failed = seen(UID, condition("Failed", "DeadlineExceeded"));
        Job ended =
                after(
                        inState(JobState.RUNNING),
                        new Input.Looked(look(failed, pod(31, "Failed", exited(137, "Error", "")))),
                        Duration.ZERO);
        assertThat(ended.state()).isEqualTo(JobState.FAILED);
        assertThat(ended.progress().marks().podsRemainSince()).isNull();
    }

    /** A pod on a dead node, or somebody's finalizer. */
    @Test
    void shouldAskMoreAndMoreRarelyForWhatDoesNotGoAndSaySo() {
        Job ended = endedAtTheBound().findFirst().orElseThrow();
        Input stays = new Input.Looked(look(FIXED, STAYS));
        assertThat(dueAfter(ended, stays, BOUND.plusMinutes(4))).isEqualTo(Duration.ofMinutes(2));
        assertThat(dueAfter(ended, stays, BOUND.plusHours(9))).isEqualTo(Duration.ofMinutes(10));
        Job over = inState(JobState.SUCCEEDED);
        Input held = new Input.Deleted(false);
        assertThat(dueAfter(over, held, Duration.ZERO)).isEqualTo(Rules.Checks.DEFAULT.deleting());
        assertThat(after(over, held, Duration.ZERO).progress().waiting()).isNull();
        assertThat(dueAfter(over, held, Duration.ofHours(9))).isEqualTo(Duration.ofMinutes(10));
        Job told = after(over, held, BOUND);
        assertThat(told.progress().waiting().waitClass()).isEqualTo(WaitClass.JOB_REMAINS);
        assertThat(after(told, new Input.Deleted(true), BOUND).progress().waiting()).isNull();
    }

    private static Duration dueAfter(Job job, Input input, Duration later) {
        return Duration.between(NOW.plus(later), after(job, input, later).progress().dueAt());
    }
}
