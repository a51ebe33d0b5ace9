package io.windlass.harness;

import io.windlass.json.Json;
import io.windlass.json.JsonSyntaxException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The HTTP API as a client uses it. */
public record Api(String url, String token) {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    public record Answer(int status, Map<String, Object> body) {}

    public Answer call(String method, String path, Object body, String... headers)
            throws IOException {
        HttpRequest.Builder request = request(method, path, body, Duration.ofSeconds(90));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response =
                    HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), Json.asObject(Json.parse(response.body())));
        } catch (JsonSyntaxException e) {
            throw new IOException("no JSON came from " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private HttpRequest.Builder request(String method, String path, Object body, Duration timeout) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .timeout(timeout)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(Json.write(body)));
    }

    /** For who sends it by a client of its own, and perhaps more than once. */
    public HttpRequest submission(Map<String, Object> job, String key, Duration timeout) {
        return request("POST", "/api/v1/jobs", job, timeout).header("Idempotency-Key", key).build();
    }

    public String submit(Map<String, Object> job) throws IOException {
        Answer answer = call("POST", "/api/v1/jobs", job);
        if (answer.status() != 202) {
            throw new IllegalStateException(answer.toString());
        }
        return answer.body().get("id").toString();
    }

    public List<String> submitAll(List<Map<String, Object>> jobs) throws IOException {
        Answer answer = call("POST", "/api/v1/jobs:batch", jobs);
        List<String> ids = new ArrayList<>();
        for (Object result : (List<?>) answer.body().get("results")) {
            Map<String, Object> line = Json.asObject(result);
            if (!"202".equals(line.get("status").toString())) {
                throw new IllegalStateException(line.toString());
            }
            ids.add(Json.asObject(line.get("job")).get("id").toString());
        }
        return ids;
    }

    public Map<String, Object> get(String id) throws IOException {
        return call("GET", "/api/v1/jobs/" + id, null).body();
    }

    public Map<String, Object> awaitEnd(String id, Duration most) throws IOException {
        Instant until = Instant.now().plus(most);
        Map<String, Object> job = call("GET", "/api/v1/jobs/" + id + "?wait=30s", null).body();
        while (job.get("finishedAt") == null && Instant.now().isBefore(until)) {
            job = call("GET", "/api/v1/jobs/" + id + "?wait=30s", null).body();
        }
        return job;
    }

    public Answer cancel(String id) throws IOException {
        return call("POST", "/api/v1/jobs/" + id + "/cancel", null);
    }

    public List<Map<String, Object>> events(String id) throws IOException {
        return ((List<?>) call("GET", "/api/v1/jobs/" + id + "/events", null).body().get("items"))
                .stream().map(Json::asObject).toList();
    }

    public static Map<String, Object> job(String name, String... command) {
        Map<String, Object> job = new LinkedHashMap<>();
        job.put("name", name);
        job.put("image", "busybox:1.36");
        job.put("command", List.of(command));
        return job;
    }

    public static Map<String, Object> with(Map<String, Object> job, String field, Object value) {
        Map<String, Object> copy = new LinkedHashMap<>(job);
        copy.put(field, value);
        return copy;
    }

    /** To a simulated node: nothing is executed there, so it takes as many as a load wants. */
    public static Map<String, Object> simulated(String name) {
        Map<String, Object> job = job(name, "true");
        job.put("nodeSelector", Map.of("type", "kwok"));
        job.put(
                "tolerations",
                List.of(
                        Map.of(
                                "key", "kwok.x-k8s.io/node",
                                "operator", "Exists",
                                "effect", "NoSchedule")));
        return job;
    }
}
