package io.windlass.web;

import io.micronaut.http.HttpRequest;
import io.windlass.job.Durations;
import io.windlass.store.LogShelf.StoredLog;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which log of a job, and what of it.
 *
 * @param attempt the nth pod that ran; the last where none is given
 * @param offset to begin at, in bytes
 * @param tail so many lines of its end; -1 for all
 * @param raw nothing but the log's own bytes: an answer ends where some are missing
 */
record LogWish(
        @Nullable String container,
        @Nullable Integer attempt,
        @Nullable String pod,
        boolean follow,
        long offset,
        int tail,
        @Nullable Instant since,
        boolean timestamps,
        boolean raw) {
    private static final int MANY = 1_000_000;

    static LogWish of(HttpRequest<?> request) {
        Query query =
                new Query(
                        request,
                        Set.of(
                                "container",
                                "attempt",
                                "pod",
                                "follow",
                                "offset",
                                "tail",
                                "since",
                                "timestamps",
                                "raw"));
        return new LogWish(
                query.text("container").orElse(null),
                query.text("attempt").isPresent() ? query.number("attempt", 1, 1, MANY) : null,
                query.text("pod").orElse(null),
                query.flag("follow"),
                offset(query),
                query.text("tail").isPresent() ? query.number("tail", 0, 0, MANY) : -1,
                query.text("since").map(LogWish::since).orElse(null),
                query.flag("timestamps"),
                query.flag("raw"));
    }

    private static long offset(Query query) {
        String text = query.text("offset").orElse("0");
        if (!text.matches("\\d{1,18}")) {
            throw Query.malformed("offset", "must be a number of bytes");
        }
        return Long.parseLong(text);
    }

    private static Instant since(String text) {
        return Durations.parse(text)
                .filter(ago -> !ago.isNegative())
                .map(ago -> Instant.now().minus(ago))
                .orElseGet(() -> time(text));
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw Query.malformed(
                    "since",
                    "must be a duration such as 10m, or a time such as 2026-01-31T12:00:00Z");
        }
    }

    /** The one that is meant; empty where it is not there, or not yet. */
    Optional<StoredLog> in(List<StoredLog> logs) {
        List<StoredLog> ofPod =
                logs.stream()
                        .filter(log -> pod == null || pod.equals(log.pod()))
                        .filter(log -> attempt == null || attempt == log.nth())
                        .toList();
        int last = ofPod.stream().mapToInt(StoredLog::nth).max().orElse(0);
        return ofPod.stream()
                .filter(log -> log.nth() == last)
                .filter(log -> container == null ? !log.init() : container.equals(log.container()))
                .findFirst();
    }
}
