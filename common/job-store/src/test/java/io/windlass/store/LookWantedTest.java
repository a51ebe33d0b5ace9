package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Decision;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobSeen;
import io.windlass.job.JobState;
import io.windlass.job.Look;
import io.windlass.job.PodSeen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The demand for a look, as a column of its own beside the routine timer. */
class LookWantedTest extends OnPostgres {
    private static final Duration LEASE = Duration.ofSeconds(30);

    private JobId started() {
        JobId id = submit("one");
        admissions.admit("local", ROOM);
        progressions.write(step(load(id), new Input.Created(seen(load(id)))));
        return id;
    }

    private Input failed(JobId id) {
        JobSeen seen = seen(load(id));
        return new Input.JobObserved(
                new JobSeen(
                        seen.namespace(),
                        seen.name(),
                        seen.uid(),
                        9,
                        seen.owner(),
                        null,
                        List.of(
                                new JobSeen.Condition(
                                        "Failed", true, "PodFailurePolicy", "", Instant.now()))));
    }

    private static PodSeen pod() {
        PodSeen.ContainerSeen ended =
                new PodSeen.ContainerSeen(
                        "main", "i", null, Instant.now(), new PodSeen.Ended(3, "Error", ""));
        return new PodSeen(
                "p",
                "pod-uid",
                8,
                1,
                "Failed",
                "",
                "",
                "node",
                null,
                false,
                null,
                false,
                PodSeen.Told.NOTHING,
                List.of(ended),
                new PodSeen.Owner("default", "uid-1"));
    }

    private static Input podEnded() {
        return new Input.PodObserved(pod());
    }

    private void inOneBatch(JobId id, Input... inputs) {
        List<Progressions.Step> lost =
                progressions.inTransaction(batch -> {
                    Job job = batch.loadLocked(List.of(id)).get(id);
                    List<Progressions.Step> steps = new ArrayList<>();
                    for (Input input : inputs) {
                        Decision decision = decider.decide(job, input, batch.now());
                        steps.add(new Progressions.Step(job, decision));
                        job = job.after(decision);
                    }
                    return batch.write(steps);
                });
        assertThat(lost).isEmpty();
    }

    private List<JobId> due() {
        return checks.lease("local", LEASE, 10).jobs().stream().map(Job::id).toList();
    }

    @Test
    void shouldStillBeDueWhereTheFailedJobAndItsPodAreToldInOneBatch() {
        JobId id = started();
        inOneBatch(id, failed(id), podEnded());
        assertThat(load(id).state()).isEqualTo(JobState.RUNNING);
        assertThat(due()).containsExactly(id);
    }

    @Test
    void shouldStillBeDueWhereTheyAreToldInTwoTransactionsInWhateverOrder() {
        JobId id = started();
        inOneBatch(id, failed(id));
        inOneBatch(id, podEnded());
        assertThat(load(id).state()).isEqualTo(JobState.RUNNING);
        assertThat(due()).containsExactly(id);

        JobId other = started();
        inOneBatch(other, podEnded());
        inOneBatch(other, failed(other));
        assertThat(due()).containsExactly(other);
    }

    @Test
    void shouldBeDueAgainAtTheEndOfALeaseThatNobodyUsed() {
        JobId id = started();
        inOneBatch(id, failed(id));
        assertThat(checks.lease("local", Duration.ofMillis(1), 10).jobs()).hasSize(1);
        inOneBatch(id, podEnded());
        assertThat(due()).as("though something else came meanwhile").containsExactly(id);
        assertThat(due()).as("leased").isEmpty();
    }

    @Test
    void shouldBeAnsweredByTheLookOfItsLeaseAndByNoEarlierOne() {
        JobId id = started();
        inOneBatch(id, new Input.JobEventHeard("uid-1"));
        Job first = checks.lease("local", LEASE, 10).jobs().getFirst();
        inOneBatch(id, failed(id));
        Look alive = new Look(seen(first), List.of());
        inOneBatch(id, new Input.Looked(alive, first.progress().lookWantedAt()));
        assertThat(load(id).progress().lookWantedAt()).as("a later demand").isNotNull();
        Job second = checks.lease("local", LEASE, 10).jobs().getFirst();
        inOneBatch(id, new Input.Looked(alive, second.progress().lookWantedAt()));
        assertThat(load(id).progress().lookWantedAt()).isNull();
        assertThat(due()).isEmpty();
    }

    @Test
    void shouldLeaseDemandsBeforeWhatIsOnlyRoutineAndNoMoreThanAsked() {
        JobId routine = started();
        JobId wanted = started();
        inOneBatch(wanted, failed(wanted));
        execute("update job_state set next_check_at = clock_timestamp() - interval '1 minute'");
        assertThat(checks.lease("local", LEASE, 1).jobs())
                .extracting(Job::id)
                .containsExactly(wanted);
        assertThat(due()).containsExactly(routine);
    }

    @Test
    void shouldFindADemandWhoseTimerTheVersionBeforeHasMoved() {
        JobId id = started();
        inOneBatch(id, failed(id));
        assertThat(load(id).progress().nextCheckAt())
                .as("seen by the version before")
                .isBeforeOrEqualTo(Instant.now());
        execute("update job_state set next_check_at = clock_timestamp() + interval '10 minutes'");
        assertThat(due()).containsExactly(id);
    }

    @Test
    void shouldCompareTheTimerWithTheRowAlsoForTheSecondDecisionOfABatch() {
        JobId id = started();
        inOneBatch(
                id,
                new Input.CallFailed("", Duration.ofMillis(1)),
                new Input.PodObserved(pod()),
                new Input.CallFailed("", Duration.ofMinutes(9)));
        assertThat(load(id).progress().nextCheckAt())
                .as("the last decision knew of the others")
                .isAfter(Instant.now().plusSeconds(60));
    }

    private void execute(String sql) {
        database.inTransaction(handle -> handle.execute(sql));
    }
}
