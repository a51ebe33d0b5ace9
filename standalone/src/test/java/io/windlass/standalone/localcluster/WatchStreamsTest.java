package io.windlass.standalone.localcluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client library hides of a watch. */
class WatchStreamsTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    @TempDir Path data;
    private final ObjectStore store = new ObjectStore();
    private ApiServer server;

    @BeforeEach
    void start() throws IOException {
        server =
                new ApiServer(
                        new Resources(store),
                        new WatchStreams(store, Duration.ofMillis(10)),
                        new LogStreams(store, data),
                        "token");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<InputStream> watch(String query, String token) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:"
                                                + server.port()
                                                + "/api/v1/configmaps?watch=true&"
                                                + query))
                        .header("Authorization", "Bearer " + token)
                        .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofInputStream());
    }

    private void create(String name) {
        store.create(
                new Stored(
                        Kind.CONFIG_MAP,
                        Map.of(
                                "kind",
                                "ConfigMap",
                                "metadata",
                                ObjectStore.metadata("default", name))));
    }

    @Test
    void shouldTellWhatWasMissedAndThenSayWhereItStands() throws Exception {
        long before = store.version();
        create("missed");
        HttpResponse<InputStream> response =
                watch("resourceVersion=" + before + "&timeoutSeconds=3", "token");
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).contains("\"ADDED\"", "\"missed\"");
            assertThat(lines.readLine())
                    .contains("\"BOOKMARK\"", "\"resourceVersion\":\"" + store.version() + "\"");
        }
    }

    @Test
    void shouldSayThatAVersionIsTooOld() throws Exception {
        create("something");
        assertThat(watch("resourceVersion=5", "token").statusCode()).isEqualTo(410);
    }

    @Test
    void shouldLetNobodyInWithoutTheToken() throws Exception {
        assertThat(watch("", "another").statusCode()).isEqualTo(401);
    }
}
