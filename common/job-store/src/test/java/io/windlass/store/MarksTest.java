package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobSeen;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What stands about a job's objects is in its row: another process goes on from there. */
class MarksTest extends OnPostgres {
    private Job started() {
        JobId id = submit("one");
        admissions.admit("local", ROOM);
        progressions.write(step(load(id), new Input.Created(seen(load(id)))));
        return load(id);
    }

    private static JobSeen.Condition failureTarget() {
        return new JobSeen.Condition("FailureTarget", true, "DeadlineExceeded", "", Instant.now());
    }

    /** P26: it would be submitted and cancelled in a loop, and any number of pods would run. */
    @Test
    void shouldCountAJobThatHasEndedUntilItsPodsAreGone() {
        Job job = started();
        write(job, "CANCELLED", "clock_timestamp()");
        assertThat(use().pods()).isEqualTo(1);
        assertThat(use().jobs()).isEqualTo(1);
        assertThat(new Census(database).of("local").podsRemain()).isEqualTo(1);
        write(job, "CANCELLED", "null");
        assertThat(use().pods()).isZero();
        assertThat(use().jobs()).as("its creator may thaw: it keeps a name").isZero();
        assertThat(new Census(database).of("local").podsRemain()).isZero();
    }

    private void write(Job job, String state, String remain) {
        database.inTransaction(handle ->
                handle.execute(
                        "update job_state set state = ?, finished_at = coalesce(finished_at, clock_timestamp()),"
                                + " takeovers = 1,"
                                + " pods_remain_since = "
                                + remain
                                + " where job_id = ?",
                        state,
                        job.id().value()));
    }

    private Progressions.NamespaceUse use() {
        return progressions
                .inTransaction(batch -> batch.use("local", Instant.now()))
                .namespaces()
                .getFirst();
    }

    @Test
    void shouldRememberSinceWhenAFailureIsFixed() {
        Job job = started();
        JobSeen seen = seen(job, failureTarget());
        JobSeen told =
                new JobSeen(
                        seen.namespace(),
                        seen.name(),
                        seen.uid(),
                        9,
                        seen.owner(),
                        null,
                        seen.conditions());
        assertThat(progressions.write(step(job, new Input.JobObserved(told)))).isTrue();
        Instant since = load(job.id()).progress().marks().endingSince();
        assertThat(since).isNotNull();
        assertThat(jobs.find(job.id()).orElseThrow().progress().marks().endingSince())
                .isEqualTo(since);
    }
}
