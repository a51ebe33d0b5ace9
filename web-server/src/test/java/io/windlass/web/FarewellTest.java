package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who is stopped answers for a while yet, and lets each connection go with an answer. */
class FarewellTest {
    @Test
    @Tag("slow")
    void shouldEndConnectionsWithAnAnswerBeforeAnyIsClosed() throws Exception {
        WebServer web = new WebServer(Map.of("windlass.api.farewell", "3s"));
        URI address = web.request("/").build().uri();
        try (Kept used = new Kept(address);
                Kept another = new Kept(address)) {
            assertThat(used.ask())
                    .startsWith("HTTP/1.1 200")
                    .doesNotContainIgnoringCase("connection: close");
            assertThat(another.ask())
                    .startsWith("HTTP/1.1 200")
                    .doesNotContainIgnoringCase("connection: close");
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(web::close);
            Awaitility.await("the farewell")
                    .until(used::ask, answer -> answer.contains("Connection: close"));
            assertThat(used.isAtEnd()).isTrue();
            assertThat(another.ask()).startsWith("HTTP/1.1 200").contains("Connection: close");
            assertThat(another.isAtEnd()).isTrue();
            try (Kept late = new Kept(address)) {
                assertThat(late.ask()).startsWith("HTTP/1.1 200").contains("Connection: close");
            }
            assertThat(stopped).isNotDone();
            stopped.get(30, TimeUnit.SECONDS);
        }
    }

    /** A connection that its client keeps. */
    private static final class Kept implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Kept(URI address) throws IOException {
            socket = new Socket(address.getHost(), address.getPort());
            socket.setSoTimeout(10_000);
            in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
        }

        String ask() throws IOException {
            socket.getOutputStream()
                    .write(
                            ("GET /api/v1/jobs?limit=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                            + WebServer.TOKEN
                                            + "\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            StringBuilder head = new StringBuilder();
            int length = 0;
            String line;
            while ((line = in.readLine()) != null && !line.isEmpty()) {
                head.append(line).append('\n');
                if (line.startsWith("content-length: ")) {
                    length = Integer.parseInt(line.substring(line.indexOf(' ') + 1));
                }
            }
            for (int i = 0; i < length; i++) {
                in.read();
            }
            return head.toString();
        }

        boolean isAtEnd() throws IOException {
            return in.read() < 0;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
