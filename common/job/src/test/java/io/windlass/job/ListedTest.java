package io.windlass.job;

import static io.windlass.job.Fixtures.DECIDER;
import static io.windlass.job.Fixtures.NOW;
import static io.windlass.job.Fixtures.UID;
import static io.windlass.job.Fixtures.condition;
import static io.windlass.job.Fixtures.decide;
import static io.windlass.job.Fixtures.ended;
import static io.windlass.job.Fixtures.exited;
import static io.windlass.job.Fixtures.job;
import static io.windlass.job.Fixtures.look;
import static io.windlass.job.Fixtures.pod;
import static io.windlass.job.Fixtures.progress;
import static io.windlass.job.Fixtures.running;
import static io.windlass.job.Fixtures.seen;
import static io.windlass.job.Fixtures.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** P17: a list may be seconds old when it is taken in. */
class ListedTest {
    private static final long LISTED_AT = 40;
    private static final PodSeen RUNS = pod(30, "Running", running());
    private static final PodSeen IS_OVER = pod(35, "Succeeded", exited(0, "Completed", ""));

    private static Input list(JobSeen job, PodSeen... pods) {
        return new Input.Looked(Look.listed(job, List.of(pods), LISTED_AT));
    }

    private static Job after(Job job, Input input) {
        return job.after(decide(job, input));
    }

    private static Job settled() {
        Job gone = after(job(ended(JobState.SUCCEEDED)), new Input.Looked(Look.NOTHING));
        assertThat(gone.progress().settled()).isTrue();
        return gone;
    }

    @Test
    void shouldOnlyLookWhereAJobIsListedThatIsSettled() {
        Job settled = settled();
        Decision told = decide(settled, list(seen(UID)));
        assertThat(told.evidence()).as("no line, and so no new version").isNull();
        assertThat(told.commands()).as("nothing is deleted").isEmpty();
        Job asked = settled.after(told);
        assertThat(asked.progress().dueAt()).isEqualTo(NOW);
        assertThat(decide(asked, new Input.Due()).commands())
                .containsExactly(new Command.TakeLook());
        Decision gone = decide(asked, new Input.Looked(Look.NOTHING).answering(NOW));
        assertThat(gone.evidence()).isNull();
        assertThat(gone.next().lookWantedAt()).isNull();
        Decision there = decide(asked, new Input.Looked(look(seen(UID))).answering(NOW));
        assertThat(there.commands())
                .as("a cluster that was restored has it again")
                .containsExactly(new Command.DeleteStray(UID));
    }

    @Test
    void shouldNotLetAPodRunAgainThatHasEndedSince() {
        Job over = after(job(progress(JobState.RUNNING, new Desired.Run(), UID)), observed(RUNS));
        Job ended = after(over, observed(IS_OVER));
        Decision told = decide(ended, list(seen(UID), RUNS));
        assertThat(told.changedPods()).isEmpty();
        assertThat(told.evidence()).isNull();
        assertThat(told.commands()).as("the row knows more").isEmpty();
    }

    @Test
    void shouldSayNothingOfAPodThatIsYoungerThanTheList() {
        PodSeen younger = pod("younger", LISTED_AT + 1, "Running", running());
        Job job = after(job(progress(JobState.RUNNING, new Desired.Run(), UID)), observed(younger));
        Decision told = decide(job, list(seen(UID)));
        assertThat(told.changedPods()).isEmpty();
        assertThat(told.next().lookWantedAt()).isNull();
        assertThat(told.next().nextCheckAt()).isAfter(NOW);
    }

    @Test
    void shouldLookForAPodThatIsOlderThanTheListAndNotInIt() {
        Job job = after(job(progress(JobState.RUNNING, new Desired.Run(), UID)), observed(RUNS));
        Decision told = decide(job, list(seen(UID)));
        assertThat(told.changedPods()).as("only a look says that it is gone").isEmpty();
        assertThat(told.commands()).containsExactly(new Command.TakeLook());
        assertThat(told.next().lookWantedAt()).isEqualTo(NOW);
    }

    /** What has run has run, whatever its kubelet shows of it afterwards. */
    @Test
    void shouldNotLookAgainAndAgainForAPodThatForgotItsStart() {
        Job job = after(job(progress(JobState.RUNNING, new Desired.Run(), UID)), observed(RUNS));
        Input forgot = list(seen(UID), pod(31, "Running", waiting("CrashLoopBackOff", "")));
        assertThat(decide(job, forgot).next().lookWantedAt()).isNull();
    }

    @Test
    void shouldLookForAnEndThatNobodyHasTold() {
        Decision told =
                decide(
                        job(progress(JobState.RUNNING, new Desired.Run(), UID)),
                        list(seen(UID, condition("Complete", "CompletionsReached"))));
        assertThat(told.next().state()).isEqualTo(JobState.RUNNING);
        assertThat(told.next().lookWantedAt()).isEqualTo(NOW);
    }

    @Test
    void shouldNoteAJobOfWhichItsRowDoesNotKnow() {
        Job asked = job(progress(JobState.STARTING, new Desired.Run(), null));
        Decision told = decide(asked, list(seen(UID)));
        assertThat(told.next().kubernetesUid()).isEqualTo(UID);
    }

    @Test
    void shouldBeCheckedAsUsualWhereNothingDiffers() {
        Job job = after(job(progress(JobState.RUNNING, new Desired.Run(), UID)), observed(RUNS));
        Decision told = decide(job, list(seen(UID), RUNS));
        assertThat(told.commands()).isEmpty();
        assertThat(told.next().lookWantedAt()).isNull();
        assertThat(told.next().nextCheckAt()).isAfter(NOW.plusSeconds(60));
    }

    /** What is asked to go is made to go by its uid, however old the list is. */
    @Test
    void shouldDeleteByAListWhatIsNotWantedAnyMore() {
        Job cancelled = job(progress(JobState.RUNNING, new Desired.Cancel(), UID));
        assertThat(decide(cancelled, list(seen(UID))).commands())
                .containsExactly(new Command.Delete(UID));
    }

    @ParameterizedTest
    @EnumSource(
            value = JobState.class,
            names = {"SUCCEEDED", "FAILED", "CANCELLED"})
    void shouldLeaveAnEndedJobAloneThatIsListedAsItIs(JobState state) {
        Job job = job(ended(state));
        Decision told = DECIDER.decide(job, list(seen(UID)), NOW);
        assertThat(told.next()).isEqualTo(job.progress());
        assertThat(told.commands()).isEmpty();
    }

    @Test
    void shouldNotAskALookThatBeganBeforeAboutWhatIsYounger() {
        Job job = job(progress(JobState.RUNNING, new Desired.Run(), UID));
        Look look = new Look(seen(UID), List.of(), true, List.of(), Map.of(), LISTED_AT);
        PodSeen younger = pod("younger", LISTED_AT + 1, "Running", running());
        assertThat(after(job, observed(younger)).knowsMoreThan(look)).isTrue();
        assertThat(after(job, observed(RUNS)).knowsMoreThan(look)).as("that one is gone").isFalse();
    }

    @Test
    void shouldTellNothingMoreWhereTheAnswerOfAPostComesLast() {
        assertThat(decide(settled(), new Input.Created(seen(UID))).evidence()).isNull();
    }

    /** A restored cluster has it as it was while it went, and its pods have a grace of years. */
    @Test
    void shouldLookAtWhatGoesAndHasPodsThatMayRun() {
        JobSeen goes = seen(UID, 45, NOW);
        assertThat(Drift.of(settled(), Look.listed(goes, List.of(), LISTED_AT))).isEmpty();
        Look back = Look.listed(goes, List.of(RUNS), LISTED_AT);
        assertThat(Drift.of(settled(), back)).contains(Drift.LEFT_OVER);
        Job asked = settled().after(decide(settled(), new Input.Looked(back)));
        assertThat(asked.progress().lookWantedAt()).isEqualTo(NOW);
        Job found = after(asked, new Input.Looked(look(goes, RUNS)).answering(NOW));
        assertThat(found.progress().marks().podsRemainSince()).isEqualTo(NOW);
        assertThat(Drift.of(found, back)).as("its row knows it").isEmpty();
    }

    private static Input observed(PodSeen pod) {
        return new Input.PodObserved(pod);
    }
}
