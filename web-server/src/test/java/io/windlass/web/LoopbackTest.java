package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Finding P56: as {@code windlass up} runs it, with metrics and health on the API's own port. */
class LoopbackTest {
    private static WebServer web;

    @BeforeAll
    static void start() {
        web = new WebServer(Map.of("windlass.api.hosts", List.of("127.0.0.1", "localhost")));
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    private static String status(String path, String host) throws IOException {
        URI address = web.request(path).build().uri();
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            String request =
                    "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.substring(0, "HTTP/1.1 200".length());
        }
    }

    /** A person at this machine may read them without a token, and no page in its browser may. */
    @ParameterizedTest
    @ValueSource(strings = {"/prometheus", "/health/liveness"})
    void shouldTellNoPageOfTheWebWhatNeedsNoToken(String path) throws Exception {
        assertThat(status(path, "localhost:8080")).endsWith("200");
        assertThat(status(path, "evil.example")).endsWith("403");
        assertThat(status(path, "evil.example:8080")).endsWith("403");
    }
}
