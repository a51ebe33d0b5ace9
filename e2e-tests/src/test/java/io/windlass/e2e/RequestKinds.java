package io.windlass.e2e;

import io.windlass.harness.AuditLog;
import io.windlass.json.Json;
import io.windlass.json.JsonSyntaxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The requests to the API server that had to do with one namespace, by what was asked and what was
 * answered. Ours are those of whoever made the Jobs; Kubernetes' own parts work under other names.
 */
final class RequestKinds {
    static final String EVERYBODY = "requests of everybody";

    private final String namespace;
    private final List<Request> requests = new ArrayList<>();

    private record Request(String user, String what, String code) {}

    RequestKinds(String namespace) {
        this.namespace = namespace;
    }

    static RequestKinds in(Path audit, String namespace) throws IOException {
        RequestKinds kinds = new RequestKinds(namespace);
        AuditLog.forEachLine(audit, kinds::note);
        return kinds;
    }

    void note(String line) {
        if (!line.contains("\"namespace\":\"" + namespace + "\"")
                || !line.contains("\"stage\":\"ResponseComplete\"")) {
            return;
        }
        Map<String, Object> event;
        try {
            event = Json.asObject(Json.parse(line));
        } catch (JsonSyntaxException e) {
            // the server has not written all of this line yet
            return;
        }
        Map<String, Object> about = part(event, "objectRef");
        // the namespace itself is the test's
        if (namespace.equals(about.get("namespace")) && !"namespaces".equals(resource(about))) {
            requests.add(
                    new Request(
                            String.valueOf(part(event, "user").get("username")),
                            event.get("verb") + " " + resource(about),
                            String.valueOf(part(event, "responseStatus").get("code"))));
        }
    }

    private static Map<String, Object> part(Map<String, Object> event, String name) {
        return event.get(name) instanceof Map<?, ?> part ? Json.asObject(part) : Map.of();
    }

    private static String resource(Map<String, Object> about) {
        Object part = about.get("subresource");
        return about.get("resource") + (part == null ? "" : "/" + part);
    }

    Counts counts() {
        Set<String> us =
                requests.stream()
                        .filter(request -> request.what().equals("create jobs"))
                        .map(Request::user)
                        .collect(Collectors.toSet());
        Counts counts = new Counts();
        counts.add(EVERYBODY, requests.size());
        requests.stream()
                .filter(request -> us.contains(request.user()))
                .forEach(request ->
                        counts.add("requests: " + request.what() + ", " + request.code(), 1));
        return counts;
    }

    /** Who asked for what: of Kubernetes' own parts this is not ours to bound one by one. */
    Map<String, Long> byUser() {
        Counts counts = new Counts();
        requests.forEach(request ->
                counts.add(request.user() + ": " + request.what() + ", " + request.code(), 1));
        return counts.all();
    }
}
