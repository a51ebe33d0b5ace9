package io.windlass.job;

import static io.windlass.job.Fixtures.HASH;
import static io.windlass.job.Fixtures.ID;
import static io.windlass.job.Fixtures.INSTALLATION;
import static io.windlass.job.Fixtures.NAME;
import static io.windlass.job.Fixtures.NOW;
import static io.windlass.job.Fixtures.UID;
import static io.windlass.job.Fixtures.condition;
import static io.windlass.job.Fixtures.decide;
import static io.windlass.job.Fixtures.exited;
import static io.windlass.job.Fixtures.inState;
import static io.windlass.job.Fixtures.job;
import static io.windlass.job.Fixtures.look;
import static io.windlass.job.Fixtures.pod;
import static io.windlass.job.Fixtures.progress;
import static io.windlass.job.Fixtures.running;
import static io.windlass.job.Fixtures.seen;
import static io.windlass.job.Fixtures.starting;
import static io.windlass.job.Fixtures.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R4: whoever writes our labels on an object of his own makes no evidence by that. */
class ForeignObjectsTest {
    private static final PodSeen NEVER_STARTS =
            pod("strangers", 99, "Pending", waiting("InvalidImageName", "UPPER"));

    static Stream<PodSeen> strangers() {
        return Stream.of(
                NEVER_STARTS.ownedBy(new PodSeen.Owner("team-b", UID)),
                NEVER_STARTS.ownedBy(new PodSeen.Owner("default", "")),
                NEVER_STARTS.ownedBy(new PodSeen.Owner("default", "another-uid")));
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void shouldNotBelieveAStrangersPod(PodSeen stranger) {
        for (Job job : List.of(job(starting()), inState(JobState.FAILED))) {
            Decision told = decide(job, new Input.PodObserved(stranger));
            assertThat(told.evidence()).as("no line of history").isNull();
            assertThat(told.changedPods()).isEmpty();
            assertThat(told.next()).isEqualTo(job.progress());
            assertThat(told.foreign()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void shouldNotBelieveAStrangersPodThatALookShows(PodSeen stranger) {
        Look shown = look(seen(UID), pod(30, "Running", running()), stranger);
        Decision told = decide(job(starting()), new Input.Looked(shown));
        assertThat(told.next().state()).isEqualTo(JobState.RUNNING);
        assertThat(told.next().desired().isRun()).isTrue();
        assertThat(told.changedPods()).extracting(PodRecord::uid).containsExactly("uid-of-pod");
        assertThat(told.foreign()).isEqualTo(1);
    }

    @Test
    void shouldOnlyLookForAPodWhileItsJobIsNotKnownOrNotTold() {
        PodSeen untold = NEVER_STARTS.ownedBy(null);
        Job creating = job(progress(JobState.STARTING, new Desired.Run(), null));
        for (Decision told :
                List.of(
                        decide(creating, new Input.PodObserved(pod(30, "Running", running()))),
                        decide(job(starting()), new Input.PodObserved(untold)))) {
            assertThat(told.next().state()).isEqualTo(JobState.STARTING);
            assertThat(told.next().lookWantedAt()).isEqualTo(NOW);
            assertThat(told.changedPods()).isEmpty();
            assertThat(told.foreign()).isZero();
        }
    }

    static Stream<JobSeen> elsewhere() {
        return Stream.of(says("team-b", NAME), says("default", "another-name"));
    }

    private static JobSeen says(String namespace, String name) {
        return new JobSeen(
                namespace,
                name,
                "strangers",
                99,
                new JobSeen.Owner(INSTALLATION.toString(), ID.toString(), 1, HASH),
                null,
                List.of(condition("Complete", "CompletionsReached")));
    }

    @ParameterizedTest
    @MethodSource("elsewhere")
    void shouldNotBelieveAJobInAnotherPlace(JobSeen stranger) {
        Job creating = job(progress(JobState.STARTING, new Desired.Run(), null));
        for (Job job : List.of(creating, job(starting()), inState(JobState.RUNNING))) {
            for (Input input :
                    List.of(new Input.JobObserved(stranger), new Input.JobGone(stranger))) {
                Decision told = decide(job, input);
                assertThat(told.evidence()).isNull();
                assertThat(told.commands()).isEmpty();
                assertThat(told.next()).isEqualTo(job.progress());
                assertThat(told.foreign()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("elsewhere")
    void shouldAskForItsOwnJobWhereAListShowsAStrangersInstead(JobSeen stranger) {
        PodSeen theirs = pod(30, "Failed", exited(3, "Error", ""));
        Look listed = Look.listed(stranger, List.of(theirs), 40);
        Decision told = decide(inState(JobState.RUNNING), new Input.Looked(listed));
        assertThat(told.next().missingSince()).isNull();
        assertThat(told.next().lookWantedAt()).isEqualTo(NOW);
        assertThat(told.changedPods()).isEmpty();
        assertThat(told.foreign()).isOne();
        Decision ended = decide(inState(JobState.SUCCEEDED), new Input.Looked(listed));
        assertThat(ended.next().settled()).isFalse();
        assertThat(ended.next().lookWantedAt()).isNull();
        assertThat(ended.foreign()).isOne();
        assertThat(Drift.of(inState(JobState.SUCCEEDED), listed)).isEmpty();
        assertThat(Drift.of(inState(JobState.RUNNING), listed)).contains(Drift.MISSING_JOB);
    }
}
