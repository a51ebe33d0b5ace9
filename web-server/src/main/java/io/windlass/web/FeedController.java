package io.windlass.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.windlass.json.Json;
import io.windlass.service.Pulled;
import io.windlass.store.EventFeed;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** The feed: everything that happens, without gaps, in order per job, from any cursor on. */
@Controller("/api/v1/events")
@Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_EVENT_STREAM})
@ExecuteOn(TaskExecutors.BLOCKING)
final class FeedController {
    private static final int MOST = 1_000;
    private static final int USUAL = 100;

    private final EventFeed feed;
    private final Endings endings;
    private final Semaphore readers;

    FeedController(EventFeed feed, Endings endings, ApiSettings settings, MeterRegistry metrics) {
        this.feed = feed;
        this.endings = endings;
        this.readers = new Semaphore(settings.maxFeedReaders());
        metrics.gauge(
                "windlass.feed.readers",
                readers,
                r -> settings.maxFeedReaders() - r.availablePermits());
    }

    @Get
    @Operation(
            summary = "Read the feed",
            description =
                    "From the beginning, or after a cursor; `next` goes on from where this page ends. Lines are"
                            + " kept for a day at least, also those of jobs that are deleted; a cursor behind which"
                            + " some are missing is answered 410. With Accept:"
                            + " text/event-stream as Server-Sent Events without an end: the id of each is its"
                            + " cursor, Last-Event-ID goes on from there, and a heartbeat comes where nothing else"
                            + " did for 15 s.")
    @Parameter(
            name = "after",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = Integer.class))
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = EventDocument.Page.class)))
    HttpResponse<?> read(@Parameter(hidden = true) HttpRequest<?> request) {
        if (wantsStream(request)) {
            return follow(request);
        }
        Query query = new Query(request, Set.of("after", "limit"));
        int limit = query.number("limit", USUAL, 1, MOST);
        String given = query.text("after").orElse(null);
        Cursors.Feed after = given == null ? null : known(given);
        EventFeed.Page<EventFeed.StoredEvent> events =
                feed.after(after == null ? null : after.seq(), limit);
        if (after != null && !events.continues(after.epoch(), after.seq())) {
            throw expired();
        }
        Caller caller = Callers.of(request);
        Map<String, @Nullable Object> page = new LinkedHashMap<>();
        page.put(
                "items",
                events.items().stream()
                        .filter(event -> event.namespace() != null)
                        .filter(event -> caller.may(String.valueOf(event.namespace())))
                        .map(JobTree::event)
                        .toList());
        page.put("next", next(events, given));
        return HttpResponse.ok(Json.write(page)).contentType(MediaType.APPLICATION_JSON);
    }

    private static String next(EventFeed.Page<EventFeed.StoredEvent> page, @Nullable String given) {
        if (!page.items().isEmpty()) {
            return Cursors.of(page.items().getLast());
        }
        return given == null ? Cursors.of(new Cursors.Feed(page.last(), page.epoch(), "")) : given;
    }

    private HttpResponse<?> follow(HttpRequest<?> request) {
        Query query = new Query(request, Set.of("after"));
        String resumed = request.getHeaders().get("Last-Event-ID");
        String given =
                resumed == null || resumed.isEmpty() ? query.text("after").orElse(null) : resumed;
        Cursors.Feed after = given == null ? null : known(given);
        if (after != null
                && !feed.stepsAfter(after.seq(), 1).continues(after.epoch(), after.seq())) {
            throw expired();
        }
        if (!readers.tryAcquire()) {
            throw new ProblemException(
                    Problem.TOO_MANY_READERS, "as many follow the feed as may; try again later");
        }
        FeedStream stream =
                new FeedStream(feed, endings, Callers.of(request), after, readers::release);
        return HttpResponse.ok(new Pulled<>("feed", stream))
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    private static boolean wantsStream(HttpRequest<?> request) {
        return request.accept().stream()
                .anyMatch(type -> type.matches(MediaType.TEXT_EVENT_STREAM_TYPE));
    }

    /** What no page tells: whether its number is still that of the same event. */
    private Cursors.Feed known(String cursor) {
        Cursors.Feed place =
                Cursors.feed(cursor)
                        .orElseThrow(() -> Query.malformed("after", "is none of our cursors"));
        boolean other =
                feed.at(place.seq())
                        .map(Cursors::hash)
                        .filter(hash -> !place.hash().isEmpty() && !hash.equals(place.hash()))
                        .isPresent();
        if (other) {
            throw expired();
        }
        return place;
    }

    private static ProblemException expired() {
        return new ProblemException(
                Problem.CURSOR_EXPIRED,
                "lines after this cursor are gone (too old, or the database was restored): begin anew without one");
    }
}
