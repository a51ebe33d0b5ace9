package io.windlass.job;

import static io.windlass.job.Fixtures.HASH;
import static io.windlass.job.Fixtures.ID;
import static io.windlass.job.Fixtures.INSTALLATION;
import static io.windlass.job.Fixtures.NAME;
import static io.windlass.job.Fixtures.NOW;
import static io.windlass.job.Fixtures.UID;
import static io.windlass.job.Fixtures.condition;
import static io.windlass.job.Fixtures.decide;
import static io.windlass.job.Fixtures.inState;
import static io.windlass.job.Fixtures.job;
import static io.windlass.job.Fixtures.look;
import static io.windlass.job.Fixtures.pod;
import static io.windlass.job.Fixtures.progress;
import static io.windlass.job.Fixtures.running;
import static io.windlass.job.Fixtures.seen;
import static io.windlass.job.Fixtures.starting;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** P10: the uid says which Job it is; labels and annotations may be edited. */
class IdentityTest {
    private static final PodSeen RUNS = pod(30, "Running", running());

    private static JobSeen marked(JobSeen.@Nullable Owner owner, JobSeen.Condition... conditions) {
        return new JobSeen("default", NAME, UID, 20, owner, null, List.of(conditions));
    }

    static Stream<JobSeen> edited() {
        return Stream.of(
                marked(null),
                marked(new JobSeen.Owner(INSTALLATION.toString(), ID.toString(), 2, HASH)),
                marked(new JobSeen.Owner(INSTALLATION.toString(), ID.toString(), 1, "other")));
    }

    @ParameterizedTest
    @MethodSource("edited")
    void shouldGoOnWhereItsLabelsWereEdited(JobSeen edited) {
        Decision told = decide(inState(JobState.RUNNING), new Input.Looked(look(edited, RUNS)));
        assertThat(told.next().state()).isEqualTo(JobState.RUNNING);
        assertThat(told.next().missingSince()).isNull();
        assertThat(told.next().marks().changedSince()).isEqualTo(NOW);
        assertThat(told.evidence().reason()).isEqualTo("JobChanged");
        assertThat(told.next().dueAt())
                .as("no watch tells of it")
                .isBefore(NOW.plus(Duration.ofMinutes(1)));
    }

    @ParameterizedTest
    @MethodSource("edited")
    void shouldAskWhereAWatchOfLabelsSaysThatItIsGone(JobSeen edited) {
        Job told = inState(JobState.RUNNING).after(decide(inState(JobState.RUNNING), gone()));
        assertThat(told.progress().lookWantedAt()).isEqualTo(NOW);
        Job looked = told.after(decide(told, new Input.Looked(look(edited, RUNS))));
        assertThat(looked.state()).isEqualTo(JobState.RUNNING);
    }

    private static Input gone() {
        return new Input.JobGone(seen(UID));
    }

    @Test
    void shouldSayOnceThatItWasEditedAndOnceThatItIsAsBefore() {
        Job running = inState(JobState.RUNNING);
        Job changed = running.after(decide(running, new Input.Looked(look(marked(null), RUNS))));
        assertThat(decide(changed, new Input.Looked(look(marked(null), RUNS))).evidence()).isNull();
        Decision again = decide(changed, new Input.Looked(look(seen(UID), RUNS)));
        assertThat(again.next().marks().changedSince()).isNull();
        assertThat(again.evidence().reason()).isEqualTo("JobChanged");
    }

    @Test
    void shouldEndByTheConditionsOfAnEditedJob() {
        JobSeen done = marked(null, condition("Complete", "CompletionsReached"));
        assertThat(decide(job(starting()), new Input.Looked(look(done))).next().state())
                .isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void shouldDeleteAnEditedJobThatIsCancelled() {
        Job cancelled = job(progress(JobState.RUNNING, new Desired.Cancel(), UID));
        assertThat(decide(cancelled, new Input.Looked(look(marked(null), RUNS))).commands())
                .containsExactly(new Command.Delete(UID));
    }

    @ParameterizedTest
    @MethodSource("edited")
    void shouldNotSettleAnEndedJobWhoseJobIsOnlyEdited(JobSeen edited) {
        Job over = inState(JobState.SUCCEEDED);
        Decision looked = decide(over, new Input.Looked(look(edited)));
        assertThat(looked.next().settled()).isFalse();
        Decision due = decide(over.after(looked), new Input.Due());
        assertThat(due.commands()).containsExactly(new Command.Remove(UID));
    }

    @Test
    void shouldStillAdoptByItsLabelsAloneWhereItsUidIsNotKnown() {
        Job creating = job(progress(JobState.STARTING, new Desired.Run(), null));
        Decision found = decide(creating, new Input.Looked(look(marked(null), RUNS)));
        assertThat(found.next().reason()).isEqualTo(Reason.NAME_CONFLICT.name());
    }
}
