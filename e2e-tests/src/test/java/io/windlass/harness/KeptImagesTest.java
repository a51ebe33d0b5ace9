package io.windlass.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.windlass.harness.Registry.Manifest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptImagesTest {
    private static final String COMMIT = "5e18397d575b53133a28ff11a2555ef028ca249c";
    private static final List<String> MODULES = List.of("web-server");

    @TempDir Path folder;

    private KeptImages kept(Shelf shelf) {
        return new KeptImages(shelf.registry(), folder, COMMIT);
    }

    @Test
    void shouldFindNothingWhereNothingWasBuilt() throws Exception {
        try (Shelf shelf = new Shelf()) {
            assertThat(kept(shelf).find(MODULES)).isEmpty();
        }
    }

    @Test
    void shouldFindTheImagesOfACommitAndPushThemToANewRegistry() throws Exception {
        String digest;
        try (Shelf shelf = new Shelf()) {
            digest = shelf.put(COMMIT);
            assertThat(kept(shelf).find(MODULES)).contains(Map.of("web-server", digest));
            kept(shelf).keep(MODULES);
        }
        try (Shelf another = new Shelf()) {
            assertThat(kept(another).find(MODULES)).contains(Map.of("web-server", digest));
            Images images = new Images(Map.of("web-server", digest));
            assertThat(images.revisions(another.registry())).containsEntry("web-server", COMMIT);
        }
    }

    @Test
    void shouldNotTakeImagesThatAreLabelledWithAnotherCommit() throws Exception {
        try (Shelf shelf = new Shelf()) {
            shelf.put("461954f922cce2c7b4d58e0839d0ae36bfe0b251");
            assertThat(kept(shelf).find(MODULES)).isEmpty();
        }
    }

    @Test
    void shouldSayWhatARegistryRefused() throws Exception {
        try (Shelf shelf = new Shelf()) {
            assertThatThrownBy(() -> shelf.registry().manifest("broken", "latest"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("/v2/broken/manifests/latest: 500");
        }
    }

    /** A registry in memory, as far as it is asked. */
    private static final class Shelf implements AutoCloseable {
        private final HttpServer server;
        private final Map<String, byte[]> things = new ConcurrentHashMap<>();

        Shelf() throws IOException {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/v2/", this::answer);
            server.start();
        }

        Registry registry() {
            return new Registry("127.0.0.1:" + server.getAddress().getPort());
        }

        /** An image under the tag of the commit, labelled with this revision. */
        String put(String revision) {
            byte[] config =
                    ("{\"config\": {\"Labels\": {\"" + KeptImages.REVISION + "\": \"" + revision)
                            .concat("\"}}}")
                            .getBytes(StandardCharsets.UTF_8);
            String blob = "sha256:" + LogClient.sha256(config);
            String content =
                    """
                    {"mediaType": "application/vnd.docker.distribution.manifest.v2+json",
                     "config": {"digest": "%1$s"}, "layers": [{"digest": "%1$s"}]}\
                    """
                            .formatted(blob);
            Manifest manifest = new Manifest(content.getBytes(StandardCharsets.UTF_8));
            String repository = "/v2/" + KeptImages.repository("web-server");
            things.put(repository + "/blobs/" + blob, config);
            things.put(repository + "/manifests/" + COMMIT, manifest.content());
            things.put(repository + "/manifests/" + manifest.digest(), manifest.content());
            return manifest.digest();
        }

        private void answer(HttpExchange exchange) throws IOException {
            String path = exchange.getRequestURI().getPath();
            byte[] body = exchange.getRequestBody().readAllBytes();
            switch (exchange.getRequestMethod()) {
                case "POST" -> {
                    exchange.getResponseHeaders().set("Location", path + "1?state=x");
                    exchange.sendResponseHeaders(202, -1);
                }
                case "PUT" -> {
                    put(path, exchange.getRequestURI().getQuery(), body);
                    exchange.sendResponseHeaders(201, -1);
                }
                default -> get(exchange, path);
            }
            exchange.close();
        }

        private void put(String path, String query, byte[] body) {
            if (path.contains("/manifests/")) {
                String repository = path.substring(0, path.lastIndexOf('/') + 1);
                things.put(path, body);
                things.put(repository + new Manifest(body).digest(), body);
            } else {
                String blob = query.substring(query.indexOf("digest=") + "digest=".length());
                assertThat(blob).isEqualTo("sha256:" + LogClient.sha256(body));
                things.put(path.replace("uploads/1", blob), body);
            }
        }

        private void get(HttpExchange exchange, String path) throws IOException {
            byte[] thing = things.get(path);
            if (thing == null || exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(
                        path.contains("broken") ? 500 : thing == null ? 404 : 200, -1);
            } else {
                exchange.sendResponseHeaders(200, thing.length);
                exchange.getResponseBody().write(thing);
            }
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
