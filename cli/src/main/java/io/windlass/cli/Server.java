package io.windlass.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.windlass.json.Json;
import io.windlass.json.JsonSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the server is, how it is spoken to, and what it says. */
final class Server {
    private static final Duration TIME_OUT = Duration.ofSeconds(90);
    private static final int MOST_OF_A_PAGE = 500;
    private static final int NO_CONTENT = 204;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description =
                    "default: the context's, else that of windlass up here ($WINDLASS_DATA or .windlass), else"
                            + " http://127.0.0.1:8080;"
                            + " $WINDLASS_URL goes before all",
            defaultValue = "${env:WINDLASS_URL}")
    private @Nullable String said;

    @Option(
            names = "--auth-header",
            paramLabel = "FILE",
            description =
                    "a file with the Authorization header; default: $WINDLASS_TOKEN as the token, else the context's,"
                            + " else auth-header of $WINDLASS_DATA or .windlass")
    private @Nullable Path authHeader;

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "a server by its name: see windlass context")
    private @Nullable String context;

    private @Nullable Place place;

    private @Nullable HttpClient http;

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
            if (!Place.HEADER_VALUE.matcher(idempotencyKey).matches()) {
                throw Refusal.wrongCall(
                        "--idempotency-key must be of letters, digits and signs of ASCII");
            }
            request.header("Idempotency-Key", idempotencyKey);
        }
        return call(request.build());
    }

    /** A text as one step of a path, whatever it holds. */
    static String step(@Nullable Object text) {
        return URLEncoder.encode(String.valueOf(text), UTF_8).replace("+", "%20");
    }

    /** The path of a job. */
    static String job(@Nullable Object id) {
        return "/api/v1/jobs/" + step(id);
    }

    /** A job as it is once it has ended. */
    Map<String, @Nullable Object> awaitEnd(Map<String, @Nullable Object> job) throws Refusal {
        Map<String, @Nullable Object> now = job;
        while (now.get("finishedAt") == null) {
            now = get(job(job.get("id")) + "?wait=30s");
        }
        return now;
    }

    /** A list of objects in an answer; empty where there is none. */
    static List<Map<String, @Nullable Object>> objects(
            Map<String, @Nullable Object> answer, String field) {
        return answer.get(field) instanceof List<?> list
                ? list.stream().filter(Map.class::isInstance).map(Json::asObject).toList()
                : List.of();
    }

    /**
     * A list over its pages, as far as it goes or is wanted.
     *
     * @param filters the rest of the query, each with a leading {@code &}
     */
    List<Map<String, @Nullable Object>> items(String path, String filters, int most)
            throws Refusal {
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        Object next = "";
        while (next != null && items.size() < most) {
            Map<String, @Nullable Object> page =
                    get(
                            path
                                    + "?limit="
                                    + Math.min(MOST_OF_A_PAGE, most - items.size())
                                    + filters
                                    + (next.equals("") ? "" : "&cursor=" + step(next)));
            if (!(page.get("items") instanceof List<?>)) {
                throw notWindlass("no items");
            }
            items.addAll(objects(page, "items"));
            next = page.get("next");
        }
        return items;
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

    /** An answer that is read as it comes; it may take for ever. */
    HttpResponse<InputStream> stream(String path) throws Refusal, IOException {
        HttpRequest request = untimed(path).GET().build();
        HttpResponse<InputStream> response;
        try {
            response = client().send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted");
        }
        if (response.statusCode() >= 300 || kind(response).startsWith("text/html")) {
            try (InputStream body = response.body()) {
                throw refusal(response, new String(body.readAllBytes(), UTF_8));
            }
        }
        return response;
    }

    /** Of an answer that Windlass does not give. */
    Refusal notWindlass(String what) throws Refusal {
        return new Refusal(
                place().told()
                        + " does not answer as Windlass does: "
                        + what
                        + "; check the address");
    }

    private Refusal refusal(HttpResponse<?> response, String text) throws Refusal {
        int status = response.statusCode();
        try {
            Map<String, @Nullable Object> body = Json.asObject(Json.parse(text));
            if (status >= 400 && body.get("title") != null) {
                return Refusal.ofServer(
                        status,
                        status
                                + " "
                                + body.get("title")
                                + (body.get("detail") == null ? "" : ": " + body.get("detail")),
                        body.get("errors") instanceof List<?> errors ? errors : List.of());
            }
        } catch (JsonSyntaxException | IllegalArgumentException e) {
            return notWindlass(status + " " + kind(response));
        }
        return notWindlass(status + " " + kind(response));
    }

    private static String kind(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElse("without a type");
    }

    private HttpRequest.Builder request(String path) throws Refusal {
        return untimed(path).timeout(TIME_OUT);
    }

    private HttpRequest.Builder untimed(String path) throws Refusal {
        return HttpRequest.newBuilder(URI.create(place().url() + path))
                .header("Authorization", authorization());
    }

    private Place place() throws Refusal {
        Place known = place;
        if (known == null) {
            known = Place.of(said, context, authHeader);
            place = known;
        }
        return known;
    }

    private String authorization() throws Refusal {
        String token = System.getenv("WINDLASS_TOKEN");
        return authHeader == null && token != null && !token.isBlank()
                ? Place.header("Bearer " + token.strip(), "WINDLASS_TOKEN: no token")
                : place().authorization();
    }

    private HttpClient client() {
        // made when it is needed: every command has a server, and most are not the one that was
        // called
        HttpClient client = http;
        if (client == null) {
            client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
            http = client;
        }
        return client;
    }

    private Map<String, @Nullable Object> call(HttpRequest request) throws Refusal {
        HttpResponse<String> response;
        try {
            response = client().send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw noAnswer(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted");
        }
        if (response.statusCode() >= 300) {
            throw refusal(response, response.body());
        }
        if (response.statusCode() == NO_CONTENT) {
            return Map.of();
        }
        try {
            return Json.asObject(Json.parse(response.body()));
        } catch (JsonSyntaxException | IllegalArgumentException e) {
            throw notWindlass(kind(response));
        }
    }

    /** Nobody was there, or the connection broke. */
    Refusal noAnswer(IOException e) throws Refusal {
        return new Refusal(
                "no answer from %s: %s; %s"
                        .formatted(
                                place().told(),
                                Why.ofConnection(e),
                                ServerUrl.isHere(place().url())
                                        ? "is `windlass up` running?"
                                        : "check the address"));
    }
}
