package io.windlass.job;

import static io.windlass.job.Fixtures.DECIDER;
import static io.windlass.job.Fixtures.NOW;
import static io.windlass.job.Fixtures.UID;
import static io.windlass.job.Fixtures.condition;
import static io.windlass.job.Fixtures.decide;
import static io.windlass.job.Fixtures.exited;
import static io.windlass.job.Fixtures.job;
import static io.windlass.job.Fixtures.look;
import static io.windlass.job.Fixtures.pod;
import static io.windlass.job.Fixtures.progress;
import static io.windlass.job.Fixtures.running;
import static io.windlass.job.Fixtures.seen;
import static io.windlass.job.Fixtures.starting;
import static io.windlass.job.Fixtures.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A job that has not started in the time that it was given, and one whose pod was evicted. */
class DeciderGivingUpTest {
    private static final Duration TIME_TO_START = Duration.ofSeconds(10);
    private static final PodSeen PULLS =
            pod("uid-of-pod", 30, "Pending", waiting("ContainerCreating", ""));
    private static final PodSeen WANTS_A_SECRET =
            pod(
                    "uid-of-pod",
                    30,
                    "Pending",
                    waiting("CreateContainerConfigError", "secret \"a\" not found"));

    /** Admitted so long ago. */
    private static Job admitted(Duration ago) {
        return withTimeToStart(
                job(progress(JobState.STARTING, new Desired.Run(), UID, NOW.minus(ago))));
    }

    private static Job withTimeToStart(Job job) {
        return new Job(
                job.id(),
                job.cluster(),
                job.namespace(),
                job.name(),
                job.specHash(),
                job.maxRetries(),
                job.completions(),
                TIME_TO_START,
                job.waitsForConfig(),
                job.submittedAt(),
                job.version(),
                job.progress(),
                job.claim(),
                job.takeovers(),
                job.pods(),
                job.surroundings(),
                job.logsOpen());
    }

    private static Input looked(PodSeen... pods) {
        return new Input.Looked(look(seen(UID), pods));
    }

    @Test
    void shouldLookAgainAtTheEndOfTheTimeToStart() {
        Decision decision = decide(admitted(TIME_TO_START.minusMillis(1_500)), looked(PULLS));
        assertThat(decision.next().desired().isRun()).isTrue();
        assertThat(decision.next().nextCheckAt()).isEqualTo(NOW.plusMillis(1_500));
    }

    @Test
    void shouldGiveUpAtTheEndOfTheTimeToStartAndSayWhatItWaitedFor() {
        Decision decision = decide(admitted(TIME_TO_START), looked(WANTS_A_SECRET));
        assertThat(decision.next().desired())
                .isInstanceOfSatisfying(
                        Desired.Fail.class,
                        fail -> {
                            assertThat(fail.reason()).isEqualTo(Reason.START_TIMEOUT.name());
                            assertThat(fail.message())
                                    .startsWith("it had not started in time; ")
                                    .contains("secret \"a\" not found");
                        });
        assertThat(decision.commands()).containsExactly(new Command.Delete(UID));
    }

    @Test
    void shouldEndAsFailedOnceItsJobIsGone() {
        Job job = admitted(TIME_TO_START);
        Decision givenUp = decide(job, looked(PULLS));
        Input nothing = new Input.Looked(new Look(null, List.of()));
        Job missed = job.after(givenUp);
        missed = missed.after(DECIDER.decide(missed, nothing, NOW.plusSeconds(20)));
        assertThat(missed.state())
                .as("until it was missed for a while")
                .isEqualTo(JobState.STARTING);
        Decision gone = DECIDER.decide(missed, nothing, NOW.plusSeconds(40));
        assertThat(gone.next().state()).isEqualTo(JobState.FAILED);
        assertThat(gone.next().reason()).isEqualTo(Reason.START_TIMEOUT.name());
        assertThat(gone.next().message()).startsWith("it had not started in time");
    }

    @Test
    void shouldTakeALookBeforeItGivesUpByWhatAWatchTold() {
        Decision decision = decide(admitted(TIME_TO_START), new Input.PodObserved(PULLS));
        assertThat(decision.next().desired().isRun()).isTrue();
        assertThat(decision.commands()).containsExactly(new Command.TakeLook());
    }

    @Test
    void shouldNotGiveUpWhatHasStarted() {
        Decision late =
                decide(
                        admitted(TIME_TO_START.plusSeconds(1)),
                        looked(pod("uid-of-pod", 30, "Running", running())));
        assertThat(late.next().state()).isEqualTo(JobState.RUNNING);
        assertThat(late.next().desired().isRun()).isTrue();
        Job runs = withTimeToStart(job(progress(JobState.RUNNING, new Desired.Run(), UID)));
        assertThat(decide(runs, looked(PULLS)).next().desired().isRun())
                .as("a pod that starts again")
                .isTrue();
    }

    @Test
    void shouldGiveUpNothingThatWasGivenNoTimeToStart() {
        Job job =
                job(
                        progress(
                                JobState.STARTING,
                                new Desired.Run(),
                                UID,
                                NOW.minus(Duration.ofDays(1))));
        assertThat(decide(job, looked(PULLS)).next().desired().isRun()).isTrue();
    }

    @Test
    void shouldSayThatItWasEvictedWhereNoProgramEnded() {
        PodSeen evicted =
                new PodSeen(
                        "report-pod",
                        "uid-of-pod",
                        30,
                        1,
                        "Failed",
                        "Evicted",
                        "The node was low on resource: memory.",
                        "node-1",
                        null,
                        false,
                        null,
                        false,
                        PodSeen.Told.NOTHING,
                        List.of(),
                        Fixtures.OWNER);
        Decision decision = decide(job(starting()), failed(evicted));
        assertThat(decision.next().state()).isEqualTo(JobState.FAILED);
        assertThat(decision.next().reason()).isEqualTo(Reason.EVICTED.name());
        assertThat(decision.next().message()).isEqualTo("The node was low on resource: memory.");
        assertThat(decision.next().exitCode()).isNull();
    }

    @Test
    void shouldSayWithWhichCodeAProgramEndedRatherThanThatItWasEvicted() {
        PodSeen ended = pod("uid-of-pod", 30, "Failed", exited(3, "Error", "no such file"));
        Decision decision = decide(job(starting()), failed(ended));
        assertThat(decision.next().reason()).isEqualTo(Reason.EXIT_CODE.name());
        assertThat(decision.next().exitCode()).isEqualTo(3);
    }

    private static Input failed(PodSeen pod) {
        return new Input.Looked(look(seen(UID, condition("Failed", "BackoffLimitExceeded")), pod));
    }
}
