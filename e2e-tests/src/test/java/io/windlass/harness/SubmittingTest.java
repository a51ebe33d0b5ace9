package io.windlass.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SubmittingTest {
    private static final String ACCEPTED =
            "HTTP/1.1 202 Accepted\r\nContent-Length: 10\r\nConnection: close\r\n\r\n{\"id\":\"a\"}";

    @Test
    void shouldCountABrokenOffRequestAsAFailure() throws Exception {
        try (Breaking server = new Breaking(1);
                Submitting load = load(server)) {
            server.begin();
            Awaitility.await().until(() -> load.accepted().size() > 2);
            load.stop();
            assertThat(load.brokenOff()).isEqualTo(1);
            assertThat(load.failures()).hasSize(1);
        }
    }

    @Test
    void shouldSendAgainNoMoreThanIsAllowed() throws Exception {
        try (Breaking server = new Breaking(3);
                Submitting load = load(server)) {
            load.allowBrokenOff(2);
            server.begin();
            Awaitility.await().until(() -> load.accepted().size() > 4);
            load.stop();
            assertThat(load.brokenOff()).isEqualTo(3);
            assertThat(load.failures()).hasSize(1);
        }
    }

    private static Submitting load(Breaking server) {
        return new Submitting(
                new Api("http://127.0.0.1:" + server.port(), "token"), Map.of("name", "x"), 20);
    }

    /** Closes its first connections when a request has come, without an answer. */
    private static final class Breaking implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0);
        private final AtomicInteger breaks;
        private final CountDownLatch begun = new CountDownLatch(1);

        Breaking(int breaks) throws IOException {
            this.breaks = new AtomicInteger(breaks);
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return socket.getLocalPort();
        }

        void begin() {
            begun.countDown();
        }

        private void accept() {
            while (!socket.isClosed()) {
                try (Socket connection = socket.accept()) {
                    begun.await();
                    request(connection.getInputStream());
                    if (breaks.getAndDecrement() <= 0) {
                        connection
                                .getOutputStream()
                                .write(ACCEPTED.getBytes(StandardCharsets.US_ASCII));
                        connection.getOutputStream().flush();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                } catch (IOException e) {
                    // the client has gone, or the test is over
                }
            }
        }

        private static void request(InputStream in) throws IOException {
            StringBuilder text = new StringBuilder();
            while (!text.toString().contains("\r\n\r\n{")) {
                text.append(next(in));
            }
            while (text.charAt(text.length() - 1) != '}') {
                text.append(next(in));
            }
        }

        private static char next(InputStream in) throws IOException {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            return (char) next;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
