package io.windlass.standalone.localcluster;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** pods/log: what a container has written, from the file that it is written to. */
final class LogStreams {
    private static final long POLL = TimeUnit.MILLISECONDS.toNanos(100);

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
        Path log = ContainerRun.log(data.resolve("pods").resolve(pod.uid()), container);
        boolean follow = "true".equals(query.get("follow"));
        if (!Files.exists(log) && !follow) {
            throw new ApiException(
                    400,
                    "BadRequest",
                    "container \"%s\" in pod \"%s\" is waiting to start"
                            .formatted(container, pod.name()));
        }
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            copy(log, out, pod, follow, query.get("tailLines"));
        }
    }

    private static String firstContainer(Stored pod) {
        return pod.at("spec", "containers") instanceof List<?> list
                        && list.getFirst() instanceof Map<?, ?> first
                ? String.valueOf(first.get("name"))
                : "main";
    }

    private void copy(
            Path log, OutputStream out, Stored pod, boolean follow, @Nullable String tailLines)
            throws IOException {
        while (follow && !Files.exists(log) && !over(pod)) {
            LockSupport.parkNanos(POLL);
        }
        if (!Files.exists(log)) {
            return;
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            if (tailLines != null) {
                file.seek(tailStart(file, Integer.parseInt(tailLines)));
            }
            byte[] buffer = new byte[8_192];
            while (true) {
                // asked before the read: what was written until the end is then in the file
                boolean last = !follow || over(pod);
                int n;
                while ((n = file.read(buffer)) > 0) {
                    out.write(buffer, 0, n);
                }
                if (last) {
                    return;
                }
                out.flush();
                LockSupport.parkNanos(POLL);
            }
        }
    }

    private boolean over(Stored pod) {
        return store.find(Kind.POD, pod.namespace(), pod.name()).map(Resources::over).orElse(true);
    }

    private static long tailStart(RandomAccessFile file, int lines) throws IOException {
        long position = file.length();
        int seen = 0;
        while (position > 0) {
            file.seek(position - 1);
            if (file.read() == '\n' && position != file.length() && ++seen == lines) {
                return position;
            }
            position--;
        }
        return 0;
    }
}
