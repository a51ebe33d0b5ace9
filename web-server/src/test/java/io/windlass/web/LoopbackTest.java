package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
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

    private static int status(String path, String origin) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(web.request(path).build().uri());
        return web.raw(request.header("Origin", origin).GET()).statusCode();
    }

    /** A person at this machine may read them without a token, and no page in its browser may. */
    @ParameterizedTest
    @ValueSource(strings = {"/prometheus", "/health/liveness"})
    void shouldTellNoPageOfTheWebWhatNeedsNoToken(String path) throws Exception {
        assertThat(status(path, "http://localhost:8080")).isEqualTo(200);
        assertThat(status(path, "http://evil.example")).isEqualTo(403);
        assertThat(status(path, "null")).isEqualTo(403);
    }
}
