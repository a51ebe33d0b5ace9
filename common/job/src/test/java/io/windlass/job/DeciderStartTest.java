package io.windlass.job;

import static io.windlass.job.Fixtures.DECIDER;
import static io.windlass.job.Fixtures.NOW;
import static io.windlass.job.Fixtures.UID;
import static io.windlass.job.Fixtures.decide;
import static io.windlass.job.Fixtures.exited;
import static io.windlass.job.Fixtures.job;
import static io.windlass.job.Fixtures.known;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pods of several containers, jobs of several pods, and Jobs that the API server does not take. */
class DeciderStartTest {
    private static final PodSeen.ContainerSeen HOPELESS =
            waiting("CreateContainerConfigError", "secret \"a\" not found");
    private static final PodRecord LONG_HOPELESS =
            known(WaitClass.CONFIG_MISSING, Duration.ofSeconds(31), 0);

    @Test
    void shouldGiveUpAPodWhoseInitContainerRanAndWhoseNextCannotStart() {
        PodSeen half = pod("uid-of-pod", 30, "Pending", exited(0, "Completed", ""), HOPELESS);
        Decision decision =
                decide(
                        job(progress(JobState.RUNNING, new Desired.Run(), UID), LONG_HOPELESS),
                        new Input.Looked(look(seen(UID), half)));
        assertThat(decision.next().desired())
                .isEqualTo(new Desired.Fail(Reason.CONFIG_MISSING, "the first cause"));
    }

    @Test
    void shouldNotGiveUpForOnePodWhileAnotherWorks() {
        PodSeen hopeless = pod("uid-of-pod", 30, "Pending", HOPELESS);
        Decision decision =
                decide(
                        job(starting(), LONG_HOPELESS),
                        new Input.Looked(
                                look(seen(UID), hopeless, pod("other", 30, "Running", running()))));
        assertThat(decision.next().desired().isRun()).isTrue();
        assertThat(decision.next().waiting().waitClass()).isEqualTo(WaitClass.CONFIG_MISSING);
        Decision later =
                decide(
                        job(starting(), LONG_HOPELESS),
                        new Input.Looked(
                                look(
                                        seen(UID),
                                        hopeless,
                                        pod(
                                                "other",
                                                30,
                                                "Succeeded",
                                                exited(0, "Completed", "")))));
        assertThat(later.next().desired().isRun()).as("the other is done").isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "REJECTED_BY_POLICY, 29, STARTING",
        "REJECTED_BY_POLICY, 31, FAILED",
        "QUOTA_EXCEEDED,     31, FAILED",
        "NAMESPACE_MISSING,  31, STARTING",
        "NAMESPACE_MISSING,  61, FAILED",
        "NO_ROOM,       100000, STARTING",
        "FORBIDDEN,     100000, STARTING",
    })
    void shouldGiveUpAJobThatIsRefusedForLong(Input.Refusal refusal, int seconds, JobState state) {
        Job uncreated = job(progress(JobState.STARTING, new Desired.Run(), null));
        Input refused = new Input.CreateRefused(refusal, "no");
        Progress first = decide(uncreated, refused).next();
        assertThat(first.state()).isEqualTo(JobState.STARTING);
        assertThat(first.waiting().since()).isEqualTo(NOW);
        Decision later =
                DECIDER.decide(
                        uncreated.with(8, first, List.of()), refused, NOW.plusSeconds(seconds));
        assertThat(later.next().state()).isEqualTo(state);
        if (state == JobState.FAILED) {
            assertThat(later.next().reason()).isEqualTo(refusal.name());
            assertThat(later.next().settled()).isTrue();
        }
    }

    /** What could not start because nobody could make its Job has not been slow to start. */
    @Test
    void shouldCountTheStartTimeoutFromTheFirstSightOfItsJob() {
        Duration timeout = Duration.ofMinutes(5);
        Progress admitted =
                Fixtures.progress(
                        JobState.STARTING,
                        new Desired.Run(),
                        null,
                        NOW.minus(timeout.plusMinutes(1)));
        Job uncreated = withStartTimeout(Fixtures.job(admitted), timeout);
        Decision made = Fixtures.decide(uncreated, new Input.Created(Fixtures.seen(Fixtures.UID)));
        assertThat(made.next().desired().isRun()).isTrue();
        Job job = uncreated.after(made);
        Input look = new Input.Looked(Fixtures.look(Fixtures.seen(Fixtures.UID)));
        Decision before = Fixtures.DECIDER.decide(job, look, NOW.plus(timeout).minusSeconds(1));
        assertThat(before.next().desired().isRun()).isTrue();
        Decision late = Fixtures.DECIDER.decide(job, look, NOW.plus(timeout));
        assertThat(late.next().desired())
                .isInstanceOfSatisfying(
                        Desired.Fail.class,
                        fail -> assertThat(fail.reason()).isEqualTo(Reason.START_TIMEOUT.name()));
    }

    private static Job withStartTimeout(Job job, Duration timeout) {
        return new Job(
                job.id(),
                job.cluster(),
                job.namespace(),
                job.name(),
                job.specHash(),
                job.maxRetries(),
                job.completions(),
                timeout,
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
}
