package io.windlass.harness;

import io.windlass.json.Json;
import io.windlass.json.JsonSyntaxException;
import io.windlass.testing.LeftOut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What the API server itself says that it did with Jobs of a namespace; refused are names taken.
 */
public record AuditLog(List<Create> creates, List<String> refused, List<Delete> deletes) {
    public record Create(
            String name, String uid, String jobId, String attempt, String installation) {}

    /** The installation is that of the answer, which has none where the object is gone at once. */
    public record Delete(String name, String uidAsked, String installation, boolean done) {}

    /** For {@code @EnabledIf}. */
    public static boolean available() {
        return LeftOut.unless(
                file().isPresent(),
                "the audit log of the API server (WINDLASS_TEST_AUDIT_LOG is not set)");
    }

    public static Optional<Path> file() {
        return Optional.ofNullable(System.getenv("WINDLASS_TEST_AUDIT_LOG")).map(Path::of);
    }

    public static AuditLog read(Path file, String namespace) throws IOException {
        List<Create> creates = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        List<Delete> deletes = new ArrayList<>();
        AuditLog log = new AuditLog(creates, refused, deletes);
        forEachLine(
                file,
                line -> {
                    if (line.contains("/namespaces/" + namespace + "/jobs")
                            && line.contains("\"stage\":\"ResponseComplete\"")) {
                        log.note(line);
                    }
                });
        return log;
    }

    /** Of the file, and of those that it was before it grew too large, the oldest first. */
    public static void forEachLine(Path file, Consumer<String> then) throws IOException {
        List<Path> all = new ArrayList<>();
        try (Stream<Path> siblings = Files.list(file.toAbsolutePath().getParent())) {
            siblings.filter(p -> p.getFileName().toString().matches("audit-.*\\.log"))
                    .sorted()
                    .forEach(all::add);
        }
        all.add(file);
        for (Path one : all) {
            try (Stream<String> lines = Files.lines(one)) {
                lines.forEach(then);
            }
        }
    }

    private void note(String line) {
        Map<String, Object> event;
        try {
            event = Json.asObject(Json.parse(line));
        } catch (JsonSyntaxException e) {
            // the server was killed while it wrote this line
            return;
        }
        int code = number(at(event, "responseStatus", "code"));
        String verb = String.valueOf(event.get("verb"));
        if (verb.equals("create") && code == 201) {
            creates.add(
                    new Create(
                            text(at(event, "responseObject", "metadata", "name")),
                            text(at(event, "responseObject", "metadata", "uid")),
                            text(label(event, "windlass.io/job-id")),
                            text(label(event, "windlass.io/attempt")),
                            text(label(event, "windlass.io/installation"))));
        } else if (verb.equals("create") && code == 409) {
            refused.add(text(at(event, "objectRef", "name")));
        } else if (verb.equals("delete")) {
            deletes.add(
                    new Delete(
                            text(at(event, "objectRef", "name")),
                            text(at(event, "requestObject", "preconditions", "uid")),
                            text(label(event, "windlass.io/installation")),
                            code == 200));
        }
    }

    private static Object label(Map<String, Object> event, String name) {
        return at(event, "responseObject", "metadata", "labels", name);
    }

    private static Object at(Object tree, String... path) {
        Object here = tree;
        for (String step : path) {
            here = here instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return here;
    }

    private static String text(Object value) {
        return value == null ? null : value.toString();
    }

    private static int number(Object value) {
        return value == null ? 0 : Integer.parseInt(value.toString());
    }

    /** The uids that were ever created for each job and attempt. */
    public Map<String, List<String>> uidsByAttempt() {
        Map<String, List<String>> uids = new HashMap<>();
        for (Create create : creates) {
            uids.computeIfAbsent(create.jobId() + "/" + create.attempt(), k -> new ArrayList<>())
                    .add(create.uid());
        }
        return uids;
    }
}
