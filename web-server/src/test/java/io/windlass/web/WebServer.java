package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.windlass.json.Json;
import io.windlass.json.JsonSyntaxException;
import io.windlass.migrations.Migrations;
import io.windlass.service.WindlassServer;
import io.windlass.testing.TestDatabase;
import io.windlass.testing.TestQueueServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The web-server as it runs, on a real database and a real queue. */
final class WebServer implements AutoCloseable {
    static final String TOKEN = "a token of some length";
    private final TestDatabase database;
    private final EmbeddedServer server;
    private final HttpClient http = HttpClient.newHttpClient();

    WebServer() {
        this(Map.of());
    }

    WebServer(Map<String, Object> more) {
        database = TestDatabase.migrated(Migrations::apply);
        TestQueueServer queue = TestQueueServer.usedHere();
        Map<String, Object> settings = new HashMap<>(WindlassServer.defaults("web-server", 0));
        settings.putAll(WebDefaults.properties());
        settings.put("micronaut.server.port", -1);
        settings.put("micronaut.server.host", "127.0.0.1");
        settings.remove("endpoints.all.port");
        settings.put("windlass.database.url", database.url());
        settings.put("windlass.database.user", database.user());
        settings.put("windlass.database.password", database.password());
        settings.put("windlass.queue.endpoint", queue.endpoint().toString());
        settings.put("windlass.queue.region", queue.region());
        settings.put("windlass.installation.id", UUID.randomUUID().toString());
        settings.put("windlass.installation.key", "a key of some length");
        settings.put("windlass.api.token", TOKEN);
        settings.put("windlass.api.clusters", List.of("local"));
        settings.put("windlass.api.namespaces", List.of("default", "team-a"));
        settings.put("windlass.api.max-batch-jobs", 20);
        settings.putAll(more);
        server = ApplicationContext.run(EmbeddedServer.class, settings);
    }

    record Answer(int status, Map<String, Object> body, HttpResponse<String> raw) {
        Map<String, Object> without(String field) {
            Map<String, Object> rest = new HashMap<>(body);
            rest.remove(field);
            return rest;
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.getURL() + path))
                .header("Authorization", "Bearer " + TOKEN);
    }

    Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = raw(request);
        try {
            Object tree = response.body().startsWith("{") ? Json.parse(response.body()) : Map.of();
            return new Answer(response.statusCode(), Json.asObject(tree), response);
        } catch (JsonSyntaxException e) {
            throw new IOException(response.body(), e);
        }
    }

    HttpResponse<String> raw(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /** This field of all that such a list has, as far as one page goes. */
    Set<Object> listed(String path, String field) throws IOException, InterruptedException {
        WebServer.Answer list = get(path + "?limit=500");
        assertThat(list.status()).as("%s", list.body()).isEqualTo(200);
        Set<Object> listed = new HashSet<>();
        ((List<?>) list.body().get("items"))
                .forEach(item -> listed.add(Json.asObject(item).get(field)));
        return listed;
    }

    Answer post(String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    <T> T bean(Class<T> type) {
        return server.getApplicationContext().getBean(type);
    }

    void readOnly(boolean on) {
        database.readOnly(on);
    }

    @Override
    public void close() {
        server.close();
        database.close();
    }
}
