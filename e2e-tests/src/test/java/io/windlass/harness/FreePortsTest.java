package io.windlass.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    @Test
    void shouldGiveEachPortOnceAndNoneThatAConnectionMayTake() throws IOException {
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            given.add(FreePorts.next());
        }
        assertThat(given).hasSize(100).allMatch(port -> port < 30_000);
    }

    @Test
    void shouldPassOverAPortThatIsTaken() throws IOException {
        int port = FreePorts.next();
        try (ServerSocket _ = new ServerSocket(port + 1)) {
            assertThat(FreePorts.next()).isNotEqualTo(port + 1);
        }
    }
}
