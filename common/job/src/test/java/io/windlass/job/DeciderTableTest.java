package io.windlass.job;

import static io.windlass.job.Fixtures.NOW;
import static io.windlass.job.Fixtures.condition;
import static io.windlass.job.Fixtures.decide;
import static io.windlass.job.Fixtures.exited;
import static io.windlass.job.Fixtures.inState;
import static io.windlass.job.Fixtures.look;
import static io.windlass.job.Fixtures.pod;
import static io.windlass.job.Fixtures.running;
import static io.windlass.job.Fixtures.seen;
import static io.windlass.job.Fixtures.strangers;
import static io.windlass.job.Fixtures.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pair of state and input: what must hold of all, and that none is left out. */
class DeciderTableTest {
    private static final List<Input> INPUTS = inputs();

    static List<Input> inputs() {
        List<Input> all = new ArrayList<>();
        all.add(new Input.Admitted());
        all.add(new Input.CancelRequested("somebody"));
        all.add(new Input.Due());
        all.add(new Input.Created(seen(Fixtures.UID)));
        all.add(new Input.NameTaken(strangers("other")));
        for (Input.Refusal refusal : Input.Refusal.values()) {
            all.add(new Input.CreateRefused(refusal, "no"));
        }
        all.add(new Input.CreateFailed("429", Duration.ofSeconds(2)));
        all.add(new Input.CreateUnknown("timed out"));
        all.add(new Input.ClaimLost(NOW.plusSeconds(9)));
        all.add(new Input.Deleted(true));
        all.add(new Input.Deleted(false));
        all.add(new Input.Retired(false));
        all.add(new Input.Retired(true));
        all.add(new Input.Occupied(seen(Fixtures.UID)));
        all.add(new Input.CallFailed("503", Duration.ofSeconds(2)));
        for (JobSeen job :
                List.of(
                        seen(Fixtures.UID),
                        seen("another-uid"),
                        strangers("theirs"),
                        seen(Fixtures.UID, condition("Complete", "CompletionsReached")),
                        seen(Fixtures.UID, condition("Failed", "BackoffLimitExceeded")),
                        seen(Fixtures.UID, condition("Failed", "DeadlineExceeded")))) {
            all.add(new Input.JobObserved(job));
            all.add(new Input.JobGone(job));
            all.add(new Input.Looked(look(job)));
            all.add(new Input.Looked(look(job, pod(30, "Failed", exited(3, "Error", "boom")))));
        }
        all.add(new Input.Looked(Look.NOTHING));
        all.add(new Input.JobEventHeard(Fixtures.UID));
        all.add(new Input.JobEventHeard("another-uid"));
        all.add(
                new Input.Looked(
                        new Look(
                                seen(Fixtures.UID),
                                List.of(),
                                true,
                                List.of(new EventSeen("FailedCreate", "no", 1)),
                                Map.of(),
                                40)));
        all.add(new Input.Looked(Look.listed(seen(Fixtures.UID), List.of(), 40)));
        all.add(new Input.Looked(Look.listed(seen("another-uid"), List.of(), 40)));
        all.add(new Input.PodObserved(pod(30, "Running", running())));
        all.add(new Input.PodObserved(pod(30, "Pending", waiting("InvalidImageName", "bad"))));
        all.add(new Input.PodObserved(pod(30, "Pending", waiting("", ""))));
        all.add(new Input.PodObserved(pod(1, "Failed", exited(137, "OOMKilled", ""))));
        all.add(new Input.ClusterLost("uid", "somebody", NOW));
        all.add(new Input.ClusterFound("uid", "somebody"));
        return List.copyOf(all);
    }

    static Stream<Arguments> pairs() {
        return Arrays.stream(JobState.values())
                .flatMap(state -> INPUTS.stream().map(input -> Arguments.of(state, input)));
    }

    @Test
    void shouldKnowAnExampleOfEveryInput() {
        Set<Class<?>> covered = INPUTS.stream().map(Object::getClass).collect(Collectors.toSet());
        assertThat(covered).containsExactlyInAnyOrder(Input.class.getPermittedSubclasses());
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("pairs")
    void shouldAnswerEveryPairOfStateAndInput(JobState state, Input input) {
        Job job = inState(state);
        Decision decision = decide(job, input);
        Progress next = decision.next();
        assertThat(next.state()).as("states only move forward").isGreaterThanOrEqualTo(state);
        if (state.terminal()) {
            assertThat(next)
                    .extracting(
                            Progress::state,
                            Progress::reason,
                            Progress::message,
                            Progress::exitCode,
                            Progress::mayHaveRun,
                            Progress::finishedAt)
                    .as("the answer is final")
                    .containsExactly(
                            job.progress().state(),
                            job.progress().reason(),
                            job.progress().message(),
                            job.progress().exitCode(),
                            job.progress().mayHaveRun(),
                            job.progress().finishedAt());
        }
        boolean unfinished = next.state() == JobState.STARTING || next.state() == JobState.RUNNING;
        if (unfinished || (next.state().terminal() && !next.settled())) {
            assertThat(next.nextCheckAt()).as("somebody will look").isNotNull();
        }
        if (next.state() == JobState.FAILED) {
            assertThat(next.reason()).isNotNull();
        }
        if (next.state().terminal()) {
            assertThat(next.finishedAt()).isNotNull();
            assertThat(next.mayHaveRun()).isNotNull();
        }
        boolean changed = next.differsFrom(job.progress()) || !decision.changedPods().isEmpty();
        boolean told = input instanceof Input.ClusterFound && state.terminal();
        assertThat(decision.evidence() != null)
                .as("a change has its line of history")
                .isEqualTo(changed || told);
        assertThat(decision.commands())
                .as("only what is provably ours is deleted")
                .allSatisfy(command -> {
                    if (command instanceof Command.Delete delete) {
                        assertThat(delete.uid()).isEqualTo(Fixtures.UID);
                    }
                    if (command instanceof Command.Remove remove) {
                        assertThat(remove.uid()).isEqualTo(Fixtures.UID);
                        assertThat(state.terminal()).as("only what has ended").isTrue();
                    }
                    if (command instanceof Command.DeleteStray stray) {
                        assertThat(stray.uid()).isEqualTo("another-uid");
                    }
                });
        if (state == JobState.QUEUED) {
            assertThat(decision.commands()).as("nothing of it is in a cluster").isEmpty();
        }
        assertThat(decide(job, input)).as("pure").isEqualTo(decision);
    }
}
