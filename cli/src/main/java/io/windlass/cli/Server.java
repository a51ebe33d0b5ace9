package io.windlass.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.windlass.json.Json;
import io.windlass.json.JsonSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the server is, how it is spoken to, and what it says. */
final class Server {
    private static final Duration TIME_OUT = Duration.ofSeconds(90);
    private static final int MOST_OF_A_PAGE = 500;
    private static final String HERE = "http://127.0.0.1:8080";
    private static final Path AUTH_HEADER_HERE = Path.of(".windlass/auth-header");

    @Option(
            names = "--server",
            paramLabel = "URL",
            description =
                    "default: the context's, else that of windlass up here, else http://127.0.0.1:8080;"
                            + " $WINDLASS_URL goes before all",
            defaultValue = "${env:WINDLASS_URL}")
    private @Nullable String said;

    @Option(
            names = "--auth-header",
            paramLabel = "FILE",
            description =
                    "a file with the Authorization header; default: $WINDLASS_TOKEN as the token, else the context's,"
                            + " else .windlass/auth-header")
    private @Nullable Path authHeader;

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "a server by its name: see windlass context")
    private @Nullable String context;

    private @Nullable Place place;

    private @Nullable HttpClient http;

    /** Who is asked, and with what. */
    private record Place(String url, Path authHeader) {}

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
                                    + (next.equals("") ? "" : "&cursor=" + next));
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
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(place().url() + path))
                        .header("Authorization", authorization())
                        .GET()
                        .build();
        HttpResponse<InputStream> response;
        try {
            response = client().send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted");
        }
        if (response.statusCode() >= 400) {
            try (InputStream body = response.body()) {
                throw refusal(response.statusCode(), new String(body.readAllBytes(), UTF_8));
            }
        }
        return response;
    }

    private Refusal refusal(int status, String text) throws Refusal {
        try {
            Map<String, @Nullable Object> body = Json.asObject(Json.parse(text));
            return new Refusal(
                    status + " " + body.get("title") + ": " + body.get("detail"),
                    body.get("errors") instanceof List<?> errors ? errors : List.of());
        } catch (JsonSyntaxException | IllegalArgumentException e) {
            return new Refusal(place().url() + " does not answer as Windlass does");
        }
    }

    private HttpRequest.Builder request(String path) throws Refusal {
        return HttpRequest.newBuilder(URI.create(place().url() + path))
                .timeout(TIME_OUT)
                .header("Authorization", authorization());
    }

    private Place place() throws Refusal {
        Place known = place;
        if (known == null) {
            known = found();
            place = known;
        }
        return known;
    }

    private Place found() throws Refusal {
        boolean named = said != null && !said.isBlank();
        Contexts.Context chosen =
                named && context == null
                        ? null
                        : Contexts.read(Contexts.usualFile(System.getenv())).chosen(context);
        String ofContext = chosen == null ? null : chosen.authHeader();
        Path header =
                authHeader != null
                        ? authHeader
                        : ofContext == null ? AUTH_HEADER_HERE : Path.of(ofContext);
        if (context == null && named) {
            return new Place(Objects.requireNonNull(said), header);
        }
        return new Place(chosen == null ? addressBeside(header) : chosen.server(), header);
    }

    /** Where {@code windlass up} listens, or listened last; it writes that into its data folder. */
    private static String addressBeside(Path header) {
        try {
            return Files.readString(header.resolveSibling("address")).strip();
        } catch (IOException e) {
            return HERE;
        }
    }

    private String authorization() throws Refusal {
        String token = System.getenv("WINDLASS_TOKEN");
        if (authHeader == null && token != null && !token.isBlank()) {
            return "Bearer " + token;
        }
        Path file = place().authHeader();
        try {
            String line = Files.readString(file).strip();
            return line.substring(line.indexOf(':') + 1).strip();
        } catch (IOException e) {
            throw new Refusal(
                    "no token: set WINDLASS_TOKEN, or name the file with --auth-header ("
                            + file
                            + " cannot be read)");
        }
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
        try {
            HttpResponse<String> response =
                    client().send(request, HttpResponse.BodyHandlers.ofString());
            Map<String, @Nullable Object> body =
                    response.body().isEmpty()
                            ? Map.of()
                            : Json.asObject(Json.parse(response.body()));
            if (response.statusCode() >= 400) {
                throw refusal(response.statusCode(), response.body());
            }
            return body;
        } catch (IOException e) {
            throw new Refusal(
                    "no answer from " + place().url() + ": " + e + "; is `windlass up` running?");
        } catch (JsonSyntaxException | IllegalArgumentException e) {
            throw new Refusal(place().url() + " does not answer as Windlass does");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted");
        }
    }
}
