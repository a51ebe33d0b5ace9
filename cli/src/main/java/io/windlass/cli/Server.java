package io.windlass.cli;

import io.windlass.json.Json;
import io.windlass.json.JsonSyntaxException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the server is, how it is spoken to, and what it says. */
final class Server {
    private static final Duration TIME_OUT = Duration.ofSeconds(90);

    @Option(
            names = "--server",
            description = "default: $WINDLASS_URL, else http://127.0.0.1:8080",
            defaultValue = "${env:WINDLASS_URL:-http://127.0.0.1:8080}")
    private String url = "http://127.0.0.1:8080";

    @Option(
            names = "--auth-header",
            description =
                    "a file with the Authorization header; default: $WINDLASS_TOKEN as the token, else .windlass/auth-header",
            defaultValue = ".windlass/auth-header")
    private Path authHeader = Path.of(".windlass/auth-header");

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    Map<String, @Nullable Object> get(String path) throws Refusal {
        return call(request(path).GET().build());
    }

    Map<String, @Nullable Object> post(
            String path, @Nullable Object body, @Nullable String idempotencyKey) throws Refusal {
        HttpRequest.Builder request =
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(Json.write(body)));
        if (idempotencyKey != null) {
            request.header("Idempotency-Key", idempotencyKey);
        }
        return call(request.build());
    }

    /** A list of objects in an answer; empty where there is none. */
    static List<Map<String, @Nullable Object>> objects(
            Map<String, @Nullable Object> answer, String field) {
        return answer.get(field) instanceof List<?> list
                ? list.stream().map(Json::asObject).toList()
                : List.of();
    }

    /** Variables as the server takes them. */
    static List<Map<String, String>> variables(Map<String, String> env) {
        return env.entrySet().stream()
                .map(e -> Map.of("name", e.getKey(), "value", e.getValue()))
                .toList();
    }

    void delete(String path) throws Refusal {
        call(request(path).DELETE().build());
    }

    private HttpRequest.Builder request(String path) throws Refusal {
        return HttpRequest.newBuilder(URI.create(url + path))
                .timeout(TIME_OUT)
                .header("Authorization", authorization());
    }

    private String authorization() throws Refusal {
        String token = System.getenv("WINDLASS_TOKEN");
        if (token != null && !token.isBlank()) {
            return "Bearer " + token;
        }
        try {
            String line = Files.readString(authHeader).strip();
            return line.substring(line.indexOf(':') + 1).strip();
        } catch (IOException e) {
            throw new Refusal(
                    "no token: set WINDLASS_TOKEN, or name the file with --auth-header ("
                            + authHeader
                            + " cannot be read)");
        }
    }

    private Map<String, @Nullable Object> call(HttpRequest request) throws Refusal {
        try {
            HttpResponse<String> response =
                    http.send(request, HttpResponse.BodyHandlers.ofString());
            Map<String, @Nullable Object> body =
                    response.body().isEmpty()
                            ? Map.of()
                            : Json.asObject(Json.parse(response.body()));
            if (response.statusCode() >= 400) {
                throw new Refusal(
                        response.statusCode() + " " + body.get("title") + ": " + body.get("detail"),
                        body.get("errors") instanceof List<?> errors ? errors : List.of());
            }
            return body;
        } catch (IOException e) {
            throw new Refusal("no answer from " + url + ": " + e + "; is `windlass up` running?");
        } catch (JsonSyntaxException | IllegalArgumentException e) {
            throw new Refusal(url + " does not answer as Windlass does");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted");
        }
    }
}
