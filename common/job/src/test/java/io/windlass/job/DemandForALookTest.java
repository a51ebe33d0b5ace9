package io.windlass.job;

import static io.windlass.job.Fixtures.DECIDER;
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
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was told demands a look: it is taken, whatever else is told meanwhile. */
class DemandForALookTest {
    private static final Input FAILED =
            new Input.JobObserved(seen(UID, condition("Failed", "PodFailurePolicy")));
    private static final Instant LATER = NOW.plusSeconds(1);

    @Test
    void shouldStillLookNowWhereThePodIsToldAfterItsFailedJob() {
        Job told = after(job(starting()), FAILED);
        Job both = after(told, new Input.PodObserved(pod(30, "Failed", exited(3, "Error", ""))));
        assertThat(both.state()).isEqualTo(JobState.RUNNING);
        assertThat(both.progress().dueAt()).isEqualTo(NOW);
    }

    @Test
    void shouldStillLookNowWhereAFailedJobWasToldBeforeItsCreation() {
        Claim claim = new Claim(UUID.randomUUID(), NOW.plusSeconds(9));
        Job creating = job(progress(JobState.STARTING, new Desired.Run(), null), claim, 0);
        Job told = after(creating, FAILED);
        assertThat(after(told, new Input.Created(seen(UID))).progress().dueAt()).isEqualTo(NOW);
    }

    static Stream<Input> whatAsksForALook() {
        return Stream.of(
                FAILED,
                new Input.JobObserved(seen(UID, condition("Failed", "DeadlineExceeded"))),
                new Input.JobGone(seen(UID)),
                new Input.JobEventHeard(UID),
                new Input.CancelRequested("tester"));
    }

    @ParameterizedTest
    @MethodSource("whatAsksForALook")
    void shouldBeAnsweredOnlyByALookThatBeganAfterIt(Input demand) {
        Job asked = after(job(starting()), demand);
        Instant wanted = asked.progress().lookWantedAt();
        assertThat(wanted).isEqualTo(NOW);
        assertThat(asked.progress().nextCheckAt())
                .as("the version before knows no other")
                .isEqualTo(NOW);
        Look alive = look(seen(UID), pod(30, "Running", running()));
        Progress overtaken =
                DECIDER.decide(asked, new Input.Looked(alive, NOW.minusSeconds(1)), LATER).next();
        assertThat(overtaken.lookWantedAt()).isEqualTo(wanted);
        assertThat(overtaken.dueAt()).isEqualTo(wanted);
        Progress answered = DECIDER.decide(asked, new Input.Looked(alive, wanted), LATER).next();
        assertThat(answered.lookWantedAt()).isNull();
    }

    @Test
    void shouldNotBeAnsweredByAListThatTellsNoEvents() {
        Job asked = after(job(starting()), new Input.JobEventHeard(UID));
        Look listed = Look.listed(seen(UID), List.of(), 40);
        assertThat(decide(asked, new Input.Looked(listed, NOW)).next().lookWantedAt())
                .isEqualTo(NOW);
        Job gone = after(job(progress(JobState.RUNNING, new Desired.Cancel(), UID)), FAILED);
        assertThat(decide(gone, new Input.Looked(listed, NOW)).next().lookWantedAt()).isNull();
    }

    @Test
    void shouldLookOnceMoreWhereTwoDemandsCameAndOneLookHadBegunBetweenThem() {
        Job first = after(job(starting()), new Input.JobEventHeard(UID));
        Job leased = with(first, NOW.plusSeconds(30));
        Job second = leased.after(DECIDER.decide(leased, FAILED, LATER));
        assertThat(second.progress().lookWantedAt()).isEqualTo(LATER);
        Look alive = look(seen(UID), pod(30, "Running", running()));
        Decision late = decide(second, new Input.Looked(alive, NOW.plusSeconds(30)));
        assertThat(late.next().dueAt()).isEqualTo(LATER);
    }

    private static Job with(Job job, Instant wanted) {
        return job.stored(
                job.version(),
                job.progress().checkedAt(wanted, wanted),
                job.claim(),
                job.takeovers());
    }

    @Test
    void shouldNotBeMovedLaterByAnythingButALook() {
        List<Input> inputs = DeciderTableTest.inputs();
        for (long seed = 1; seed <= 5_000; seed++) {
            Random random = new Random(seed);
            Job job =
                    after(
                            inState(random.nextBoolean() ? JobState.STARTING : JobState.RUNNING),
                            FAILED);
            for (int step = 1; step <= 12 && !job.state().terminal(); step++) {
                Input input = inputs.get(random.nextInt(inputs.size()));
                Instant now = NOW.plus(Duration.ofSeconds(step));
                Job next = job.after(DECIDER.decide(job, input, now));
                if (!next.state().terminal()) {
                    assertThat(next.progress().lookWantedAt())
                            .as("seed %s: %s", seed, input)
                            .isNotNull()
                            .isBeforeOrEqualTo(NOW);
                    assertThat(next.progress().nextCheckAt())
                            .as("seed %s: %s", seed, input)
                            .isBeforeOrEqualTo(NOW);
                }
                job = next;
            }
        }
    }

    @Test
    void shouldAskForNothingMoreOnceItHasEnded() {
        Job asked = after(job(starting()), FAILED);
        Look end =
                look(
                        seen(UID, condition("Failed", "PodFailurePolicy")),
                        pod(30, "Failed", exited(3, "Error", "")));
        assertThat(decide(asked, new Input.Looked(end, null)).next().lookWantedAt()).isNull();
        Job over = with(job(Fixtures.ended(JobState.FAILED)), NOW);
        assertThat(decide(over, new Input.Due()).commands())
                .as("the version before has written the end")
                .containsExactly(new Command.TakeLook());
        assertThat(decide(over, new Input.Looked(end, NOW)).next().lookWantedAt()).isNull();
    }

    /** P15: what is known of pods by then need not be what failed the job. */
    @Test
    void shouldNotFailAJobByAWatchThoughSomeExitCodeIsKnown() {
        Job initHasEnded =
                after(
                        job(starting()),
                        new Input.PodObserved(
                                pod(
                                        "uid-of-pod",
                                        30,
                                        "Running",
                                        new PodSeen.ContainerSeen(
                                                "init",
                                                "app",
                                                null,
                                                NOW.minusSeconds(9),
                                                new PodSeen.Ended(0, "Completed", "")),
                                        running())));
        Job retried =
                after(
                        after(
                                job(starting()),
                                new Input.PodObserved(
                                        pod("pod-1", 30, "Failed", exited(5, "Error", "")))),
                        new Input.PodObserved(pod("pod-2", 31, "Running", running())));
        Job late =
                after(
                        job(starting()),
                        new Input.PodObserved(pod(30, "Failed", exited(5, "Error", ""))));
        for (Job job : List.of(initHasEnded, retried, late)) {
            Decision told = decide(job, FAILED);
            assertThat(told.next().state()).isEqualTo(JobState.RUNNING);
            assertThat(told.next().lookWantedAt()).isEqualTo(NOW);
        }
    }

    /** P15: a list reads pods and Jobs one after the other. */
    @Test
    void shouldNotFailAJobByAListOfAll() {
        JobSeen failed = seen(UID, condition("Failed", "PodFailurePolicy"));
        Look listed = Look.listed(failed, List.of(pod(30, "Running", running())), 40);
        Decision told = decide(job(starting()), new Input.Looked(listed));
        assertThat(told.next().state().terminal()).isFalse();
        assertThat(told.commands()).containsExactly(new Command.TakeLook());
        assertThat(told.next().lookWantedAt()).isEqualTo(NOW);
    }

    private static Job after(Job job, Input input) {
        return job.after(decide(job, input));
    }
}
