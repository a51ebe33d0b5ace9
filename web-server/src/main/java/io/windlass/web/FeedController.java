package io.windlass.web;

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
import io.windlass.store.EventFeed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The feed: everything that happens, without gaps, in order per job, from any cursor on. */
@Controller("/api/v1/events")
@Produces(MediaType.APPLICATION_JSON)
@ExecuteOn(TaskExecutors.BLOCKING)
final class FeedController {
    private static final int MOST = 1_000;
    private static final int USUAL = 100;

    private final EventFeed feed;

    FeedController(EventFeed feed) {
        this.feed = feed;
    }

    @Get
    @Operation(
            summary = "Read the feed",
            description =
                    "From the beginning, or after a cursor; `next` goes on from where this page ends.")
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
        Query query = new Query(request, Set.of("after", "limit"));
        int limit = query.number("limit", USUAL, 1, MOST);
        String given = query.text("after").orElse(null);
        Cursors.Feed after = given == null ? Cursors.Feed.BEGINNING : known(given);
        List<EventFeed.StoredEvent> events = feed.after(after.seq(), limit);
        Caller caller = Callers.of(request);
        Map<String, @Nullable Object> page = new LinkedHashMap<>();
        page.put(
                "items",
                events.stream()
                        .filter(event -> event.namespace() != null)
                        .filter(event -> caller.may(String.valueOf(event.namespace())))
                        .map(JobTree::event)
                        .toList());
        page.put("next", events.isEmpty() ? given : Cursors.of(events.getLast()));
        return HttpResponse.ok(Json.write(page));
    }

    private Cursors.Feed known(String cursor) {
        Cursors.Feed place =
                Cursors.feed(cursor)
                        .orElseThrow(() -> Query.malformed("after", "is none of our cursors"));
        boolean same =
                feed.at(place.seq())
                        .map(Cursors::hash)
                        .filter(hash -> hash.equals(place.hash()))
                        .isPresent();
        if (!same) {
            throw new ProblemException(
                    Problem.CURSOR_EXPIRED,
                    "the event of this cursor is gone (pruned, or the database was restored): begin anew without one");
        }
        return place;
    }
}
