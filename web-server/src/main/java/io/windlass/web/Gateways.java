package io.windlass.web;

import io.windlass.json.Json;
import io.windlass.json.JsonSyntaxException;
import io.windlass.messages.CallSignature;
import io.windlass.messages.Installation;
import io.windlass.store.Jobs;
import io.windlass.store.LogShelf;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks what is in a cluster now: this service itself has no access to any. */
@Singleton
final class Gateways {
    private static final Logger LOG = LoggerFactory.getLogger(Gateways.class);
    private static final String INTERNAL = "/internal/v1";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final LogShelf shelf;
    private final CallSignature signature;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();

    Gateways(LogShelf shelf, Installation installation) {
        this.shelf = shelf;
        this.signature = new CallSignature(installation);
    }

    /** What is not stored yet of a log, from an offset on; empty where nobody has it. */
    Optional<InputStream> live(LogShelf.StoredLog log, long offset, boolean follow)
            throws InterruptedException {
        String address = log.liveAt();
        if (address == null) {
            return Optional.empty();
        }
        String target = INTERNAL + "/logs/" + log.id() + "?offset=" + offset + "&follow=" + follow;
        return send(address, target, BodyHandlers.ofInputStream()).map(HttpResponse::body);
    }

    /** The Kubernetes Job as it is there now; empty where it is not, or nobody can be asked. */
    Optional<String> manifest(Jobs.StoredJob job) throws InterruptedException {
        String name = job.progress().kubernetesName();
        return name == null
                ? Optional.empty()
                : ask(job, "/manifest/" + name).map(HttpResponse::body);
    }

    /** Its pods as they are now; empty where nobody can be asked. */
    Optional<List<Map<String, @Nullable Object>>> pods(Jobs.StoredJob job)
            throws InterruptedException {
        return ask(job, "/pods").flatMap(answer -> items(answer.body()));
    }

    private static Optional<List<Map<String, @Nullable Object>>> items(String body) {
        try {
            return Json.asObject(Json.parse(body)).get("items") instanceof List<?> items
                    ? Optional.of(items.stream().map(Json::asObject).toList())
                    : Optional.empty();
        } catch (JsonSyntaxException e) {
            LOG.warn("a gateway answers no JSON: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<HttpResponse<String>> ask(Jobs.StoredJob job, String what)
            throws InterruptedException {
        String target = INTERNAL + "/namespaces/" + job.namespace() + "/jobs/" + job.id() + what;
        for (String address : shelf.gateways(String.valueOf(job.spec().get("cluster")), FRESH)) {
            Optional<HttpResponse<String>> answer = send(address, target, BodyHandlers.ofString());
            if (answer.isPresent()) {
                return answer;
            }
        }
        return Optional.empty();
    }

    private <T> Optional<HttpResponse<T>> send(
            String address, String target, HttpResponse.BodyHandler<T> handler)
            throws InterruptedException {
        String time = Long.toString(Instant.now().getEpochSecond());
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address + target))
                        .timeout(PATIENCE)
                        .header(CallSignature.TIME, time)
                        .header(CallSignature.SIGNATURE, signature.of("GET", target, time))
                        .build();
        try {
            HttpResponse<T> answer = http.send(request, handler);
            if (answer.statusCode() == 200) {
                return Optional.of(answer);
            }
            LOG.debug("{}{}: {}", address, target, answer.statusCode());
            if (answer.body() instanceof InputStream body) {
                body.close();
            }
        } catch (IOException e) {
            LOG.debug("{}{}: {}", address, target, e.toString());
        }
        return Optional.empty();
    }

    @PreDestroy
    void close() {
        http.shutdownNow();
    }
}
