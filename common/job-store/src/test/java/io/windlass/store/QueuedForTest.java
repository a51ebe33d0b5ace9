package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Input;
import io.windlass.job.JobId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A job that is queued says why, as it looks when it is read. */
class QueuedForTest extends OnPostgres {
    private JobId id;

    @BeforeEach
    void submit() {
        id = submit("one");
        Heartbeats.on(database).heartbeat("local", "identity");
    }

    private QueuedFor queuedFor() {
        return jobs.find(id).orElseThrow().queuedFor();
    }

    private void execute(String sql) {
        database.inTransaction(handle -> handle.execute(sql));
    }

    @Test
    void shouldSayNothingOfOneThatHasOnlyJustCome() {
        assertThat(queuedFor()).isNull();
    }

    @Test
    void shouldWaitForItsTurnWhereTheClusterAnswers() {
        execute("update job set submitted_at = now() - interval '6 seconds'");
        assertThat(queuedFor()).isEqualTo(QueuedFor.WINDOW_FULL);
    }

    @Test
    void shouldWaitForTheClusterWhereThatDoesNotAnswer() {
        execute("update cluster set heartbeat_at = now() - interval '61 seconds'");
        assertThat(queuedFor()).isEqualTo(QueuedFor.CLUSTER_AWAY);
        execute("delete from cluster");
        assertThat(queuedFor()).as("it never has").isEqualTo(QueuedFor.CLUSTER_AWAY);
    }

    @Test
    void shouldWaitForWhoeverHasPausedTheCluster() {
        execute("update cluster set paused = true, heartbeat_at = now() - interval '1 hour'");
        assertThat(queuedFor()).isEqualTo(QueuedFor.CLUSTER_PAUSED);
    }

    @Test
    void shouldSayNothingOfWhatIsNotQueuedAnyMore() {
        execute("update job set submitted_at = now() - interval '1 hour'");
        assertThat(progressions.write(step(load(id), new Input.CancelRequested("me")))).isTrue();
        assertThat(queuedFor()).isNull();
    }
}
