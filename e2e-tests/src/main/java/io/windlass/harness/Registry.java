package io.windlass.harness;

import io.windlass.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A registry of images by its HTTP API.
 *
 * @param host with its port; it answers plain HTTP and asks for no login
 */
public record Registry(String host) {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private static final String DOCKER = "application/vnd.docker.distribution.manifest.v2+json";
    private static final String OCI = "application/vnd.oci.image.manifest.v1+json";

    /** What an image consists of. */
    public static final class Manifest {
        private final byte[] content;

        Manifest(byte[] content) {
            this.content = content;
        }

        byte[] content() {
            return content;
        }

        private Map<String, Object> tree() {
            return Json.object(new String(content, StandardCharsets.UTF_8));
        }

        /** By which a pod can name the image. */
        public String digest() {
            try {
                byte[] sum = MessageDigest.getInstance("SHA-256").digest(content);
                return "sha256:" + HexFormat.of().formatHex(sum);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        String type() {
            return tree().get("mediaType") instanceof String type ? type : OCI;
        }

        String config() {
            return Json.asObject(tree().get("config")).get("digest").toString();
        }

        /** The digests of its configuration and of its layers. */
        List<String> blobs() {
            List<String> blobs = new ArrayList<>();
            blobs.add(config());
            for (Object layer : (List<?>) tree().get("layers")) {
                blobs.add(Json.asObject(layer).get("digest").toString());
            }
            return blobs;
        }
    }

    /**
     * Empty where there is no such image.
     *
     * @param reference a tag or a digest
     */
    public Optional<Manifest> manifest(String repository, String reference)
            throws IOException, InterruptedException {
        HttpRequest request =
                to(repository + "/manifests/" + reference)
                        .header("Accept", DOCKER)
                        .header("Accept", OCI)
                        .build();
        HttpResponse<byte[]> answer = HTTP.send(request, BodyHandlers.ofByteArray());
        if (answer.statusCode() == 404) {
            return Optional.empty();
        }
        expect(200, answer);
        return Optional.of(new Manifest(answer.body()));
    }

    /** The labels of an image. */
    public Map<String, Object> labels(String repository, Manifest manifest)
            throws IOException, InterruptedException {
        HttpRequest request = to(repository + "/blobs/" + manifest.config()).build();
        HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());
        expect(200, answer);
        Map<String, Object> config = Json.asObject(Json.object(answer.body()).get("config"));
        return config.get("Labels") instanceof Map<?, ?> labels ? Json.asObject(labels) : Map.of();
    }

    void download(String repository, String blob, Path file)
            throws IOException, InterruptedException {
        HttpRequest request = to(repository + "/blobs/" + blob).build();
        expect(200, HTTP.send(request, BodyHandlers.ofFile(file)));
    }

    void upload(String repository, String blob, Path file)
            throws IOException, InterruptedException {
        HttpRequest question =
                to(repository + "/blobs/" + blob).method("HEAD", BodyPublishers.noBody()).build();
        if (HTTP.send(question, BodyHandlers.discarding()).statusCode() == 200) {
            return;
        }
        HttpRequest begin =
                to(repository + "/blobs/uploads/").POST(BodyPublishers.noBody()).build();
        HttpResponse<String> begun = HTTP.send(begin, BodyHandlers.ofString());
        expect(202, begun);
        String location = begun.headers().firstValue("Location").orElseThrow();
        URI to =
                begin.uri()
                        .resolve(
                                location + (location.contains("?") ? "&" : "?") + "digest=" + blob);
        put(to, "application/octet-stream", BodyPublishers.ofFile(file));
    }

    /** Its blobs have to be there. */
    void tag(String repository, String tag, Manifest manifest)
            throws IOException, InterruptedException {
        put(
                to(repository + "/manifests/" + tag).build().uri(),
                manifest.type(),
                BodyPublishers.ofByteArray(manifest.content()));
    }

    private static void put(URI to, String type, BodyPublisher body)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(to).header("Content-Type", type).PUT(body).build();
        expect(201, HTTP.send(request, BodyHandlers.ofString()));
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + host + "/v2/" + path))
                .timeout(Duration.ofMinutes(2));
    }

    private static void expect(int status, HttpResponse<?> answer) throws IOException {
        if (answer.statusCode() != status) {
            throw new IOException(
                    "%s %s: %d %s"
                            .formatted(
                                    answer.request().method(),
                                    answer.uri(),
                                    answer.statusCode(),
                                    answer.body() instanceof String text ? text : ""));
        }
    }
}
