package io.windlass.standalone.localcluster;

import com.sun.net.httpserver.HttpExchange;
import io.windlass.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Watches: what happened since a version, what happens from there on, and a bookmark each minute.
 */
final class WatchStreams {
    static final Duration BOOKMARKS = Duration.ofMinutes(1);
    private static final int BEHIND = 10_000;

    private final ObjectStore store;
    private final Duration bookmarks;

    WatchStreams(ObjectStore store, Duration bookmarks) {
        this.store = store;
        this.bookmarks = bookmarks;
    }

    void stream(HttpExchange exchange, Target target, Map<String, String> query)
            throws IOException {
        Predicate<Stored> selector =
                Selector.of(query.get("labelSelector"), query.get("fieldSelector"));
        Predicate<Stored> wanted =
                object ->
                        object.kind() == target.kind()
                                && (target.namespace() == null
                                        || target.namespace().equals(object.namespace()))
                                && selector.test(object);
        BlockingQueue<ObjectStore.Change> changes = new LinkedBlockingQueue<>(BEHIND);
        // who does not read loses the stream, and begins again with a list
        boolean[] lost = {false};
        Consumer<ObjectStore.Change> listener =
                change -> {
                    if (!changes.offer(change)) {
                        lost[0] = true;
                    }
                };
        List<ObjectStore.Change> first = begin(target.kind(), query, listener);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.flush();
            for (ObjectStore.Change change : first) {
                send(out, wanted, change);
            }
            follow(out, wanted, changes, lost, timeout(query), target.kind());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            store.unfollow(listener);
        }
    }

    /**
     * Without a version a watch begins with everything that is there; with one, with what came
     * after it.
     */
    private List<ObjectStore.Change> begin(
            Kind kind, Map<String, String> query, Consumer<ObjectStore.Change> listener) {
        String from = query.getOrDefault("resourceVersion", "");
        if (from.isEmpty() || from.equals("0")) {
            return store.followFromHere(kind, listener);
        }
        return store.follow(Long.parseLong(from), listener)
                .orElseThrow(() ->
                        new ApiException(410, "Expired", "too old resource version: " + from));
    }

    private static long timeout(Map<String, String> query) {
        long seconds = Long.parseLong(query.getOrDefault("timeoutSeconds", "3600"));
        return System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    }

    private void follow(
            OutputStream out,
            Predicate<Stored> wanted,
            BlockingQueue<ObjectStore.Change> changes,
            boolean[] lost,
            long until,
            Kind kind)
            throws IOException, InterruptedException {
        long bookmarkAt = System.nanoTime() + bookmarks.toNanos();
        while (!lost[0] && System.nanoTime() < until) {
            ObjectStore.Change change = changes.poll(1, TimeUnit.SECONDS);
            if (change != null) {
                send(out, wanted, change);
            } else if (System.nanoTime() > bookmarkAt) {
                bookmarkAt = System.nanoTime() + bookmarks.toNanos();
                bookmark(out, kind);
            }
        }
    }

    private void bookmark(OutputStream out, Kind kind) throws IOException {
        write(
                out,
                "BOOKMARK",
                Map.of(
                        "kind", kind.kindName(),
                        "apiVersion", kind.apiVersion(),
                        "metadata", Map.of("resourceVersion", Long.toString(store.version()))));
    }

    /** By what the selector said of it before and says now. */
    private static void send(OutputStream out, Predicate<Stored> wanted, ObjectStore.Change change)
            throws IOException {
        boolean before = change.before() != null && wanted.test(change.before());
        boolean now = wanted.test(change.after());
        if (change.gone() || (before && !now)) {
            if (before || now) {
                write(out, "DELETED", change.after().tree());
            }
        } else if (now) {
            write(out, before ? "MODIFIED" : "ADDED", change.after().tree());
        }
    }

    private static void write(OutputStream out, String type, Map<String, @Nullable Object> object)
            throws IOException {
        String line = Json.write(Map.of("type", type, "object", object)) + "\n";
        out.write(line.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
