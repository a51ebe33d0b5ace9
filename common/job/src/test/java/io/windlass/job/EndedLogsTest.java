package io.windlass.job;

import static io.windlass.job.Fixtures.DECIDER;
import static io.windlass.job.Fixtures.NOW;
import static io.windlass.job.Fixtures.ended;
import static io.windlass.job.Fixtures.job;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** With a pod its logs go: until these are kept it stays, but not for ever. */
class EndedLogsTest {
    private static final Instant END = NOW.minusSeconds(5);

    private static Decision due(boolean logsOpen, Instant at) {
        return DECIDER.decide(
                job(ended(JobState.SUCCEEDED)).withLogs(logsOpen), new Input.Due(), at);
    }

    @Test
    void shouldLeaveAJobInTheClusterWhileItsLogsAreNotKept() {
        Decision waits = due(true, NOW);
        assertThat(waits.commands()).isEmpty();
        assertThat(waits.next().nextCheckAt()).isEqualTo(NOW.plusSeconds(5));
        assertThat(due(false, NOW).commands()).containsExactly(new Command.Remove(Fixtures.UID));
    }

    @Test
    void shouldRemoveItOnceTheBoundIsOverWhateverBecameOfItsLogs() {
        Instant bound = END.plus(Rules.DEFAULT.cleanup().waitForLogs());
        assertThat(due(true, bound.minusSeconds(1)).next().nextCheckAt()).isEqualTo(bound);
        assertThat(due(true, bound).commands()).containsExactly(new Command.Remove(Fixtures.UID));
    }
}
