package io.windlass.standalone.localcluster;

import com.sun.net.httpserver.HttpExchange;
import io.windlass.json.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** pods/log: what a container has written, from the file that it is written to. */
final class LogStreams {
    private static final long POLL = TimeUnit.MILLISECONDS.toNanos(50);

    private final ObjectStore store;
    private final Path data;

    LogStreams(ObjectStore store, Path data) {
        this.store = store;
        this.data = data;
    }

    void stream(HttpExchange exchange, Target target, Map<String, String> query)
            throws IOException {
        Stored pod =
                store.find(Kind.POD, target.namespaceOrEmpty(), target.requiredName())
                        .orElseThrow(() -> ApiException.notFound(Kind.POD, target.requiredName()));
        String container = query.getOrDefault("container", firstContainer(pod));
        if (isTrue(query, "previous")) {
            throw refused("previous terminated container", container, pod, "not found");
        }
        Path log = ContainerRun.log(data.resolve("pods").resolve(pod.uid()), container);
        boolean follow = isTrue(query, "follow");
        if (!Files.exists(log) && !follow) {
            throw refused("container", container, pod, "is waiting to start");
        }
        LogFilter filter = LogFilter.of(query);
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), 64 << 10)) {
            while (follow && !Files.exists(log) && !over(pod, container)) {
                LockSupport.parkNanos(POLL);
            }
            if (Files.exists(log)) {
                copy(log, out, pod, container, follow, filter);
            }
        }
    }

    private static ApiException refused(String what, String container, Stored pod, String why) {
        return new ApiException(
                400,
                "BadRequest",
                "%s \"%s\" in pod \"%s\" %s".formatted(what, container, pod.name(), why));
    }

    private static boolean isTrue(Map<String, String> query, String flag) {
        return "true".equals(query.get(flag));
    }

    private static String firstContainer(Stored pod) {
        return pod.at("spec", "containers") instanceof List<?> list
                        && list.getFirst() instanceof Map<?, ?> first
                ? String.valueOf(first.get("name"))
                : "main";
    }

    private void copy(
            Path log,
            OutputStream out,
            Stored pod,
            String container,
            boolean follow,
            LogFilter filter)
            throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            filter.skipToTail(log);
            byte[] buffer = new byte[64 << 10];
            while (true) {
                // asked before the read: what was written until the end is then in the file
                boolean last = !follow || over(pod, container);
                int n;
                while ((n = file.read(buffer)) > 0) {
                    filter.pass(buffer, n, out);
                }
                if (last) {
                    return;
                }
                out.flush();
                LockSupport.parkNanos(POLL);
            }
        }
    }

    /** The container, and with the pod all of them. */
    private boolean over(Stored pod, String container) {
        return store.find(Kind.POD, pod.namespace(), pod.name())
                .filter(now -> now.uid().equals(pod.uid()))
                .map(now -> Resources.over(now) || ended(now, container))
                .orElse(true);
    }

    private static boolean ended(Stored pod, String container) {
        return Stream.of("initContainerStatuses", "containerStatuses")
                .map(field -> pod.at("status", field))
                .filter(List.class::isInstance)
                .flatMap(list -> ((List<?>) list).stream())
                .map(Json::asObject)
                .filter(status -> container.equals(status.get("name")))
                .anyMatch(status ->
                        status.get("state") instanceof Map<?, ?> state
                                && state.containsKey("terminated"));
    }
}
