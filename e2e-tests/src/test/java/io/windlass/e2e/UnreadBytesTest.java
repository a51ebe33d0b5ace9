package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class UnreadBytesTest {
    private static final int SENT = 30_000;

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldCountWhatWasSentUntilItIsRead() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            assertThat(UnreadBytes.at(server.getLocalPort())).isZero();
            client.getOutputStream().write(new byte[SENT]);
            Awaitility.await("all has arrived")
                    .until(() -> UnreadBytes.at(server.getLocalPort()) == SENT);
            accepted.getInputStream().readNBytes(SENT);
            assertThat(UnreadBytes.at(server.getLocalPort())).isZero();
        }
    }
}
