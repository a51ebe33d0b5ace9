package io.windlass.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ProcessesTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int KILLED = 137;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void killWhatIsLeft() {
        started.forEach(Process::destroyForcibly);
    }

    /** It has set its trap once this returns. */
    private Process sh(String trap, String script) throws IOException {
        Process process =
                new ProcessBuilder("sh", "-c", "trap '" + trap + "' TERM; echo ready; " + script)
                        .start();
        started.add(process);
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
        return process;
    }

    private Process untilAsked() throws IOException {
        return sh("exit 7", "while :; do sleep 0.05; done");
    }

    @Test
    void shouldLeaveNoProcess() throws Exception {
        List<Process> all = List.of(untilAsked(), untilAsked(), untilAsked());
        Processes.stopAll(all, LONG);
        assertThat(all).noneMatch(Process::isAlive).extracting(Process::exitValue).containsOnly(7);
    }

    /** The first ends only once the last has: waiting for the first alone would end in a kill. */
    @Test
    void shouldAskAllToEndBeforeItWaitsForOne() throws Exception {
        Process last = untilAsked();
        Process first =
                sh(
                        "while kill -0 " + last.pid() + " 2>/dev/null; do sleep 0.05; done; exit 8",
                        "while :; do sleep 0.05; done");
        Processes.stopAll(List.of(first, last), Duration.ofSeconds(20));
        assertThat(first.exitValue()).isEqualTo(8);
        assertThat(last.exitValue()).isEqualTo(7);
    }

    @Test
    @Tag("slow")
    void shouldKillWhatDoesNotEndInTime() throws Exception {
        Process deaf = sh("", "while :; do sleep 0.05; done");
        Process other = untilAsked();
        Processes.stopAll(List.of(deaf, other), Duration.ofSeconds(2));
        assertThat(deaf.exitValue()).isEqualTo(KILLED);
        assertThat(other.exitValue()).isEqualTo(7);
    }

    @Test
    void shouldKillWithoutWaitingWhenItIsInterrupted() throws Exception {
        Process deaf = sh("", "while :; do sleep 0.05; done");
        Thread.currentThread().interrupt();
        Processes.stopAll(List.of(deaf), LONG);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(deaf.exitValue()).isEqualTo(KILLED);
    }

    @Test
    void shouldTakeProcessesThatHaveEndedAlready() throws Exception {
        Process ended = untilAsked();
        ended.destroyForcibly().waitFor();
        Processes.stopAll(List.of(ended), LONG);
        assertThat(ended.exitValue()).isEqualTo(KILLED);
    }
}
