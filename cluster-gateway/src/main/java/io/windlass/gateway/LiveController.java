package io.windlass.gateway;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.windlass.service.Pulled;

/** What is read of a log and not yet stored, as it comes; what is stored is read from there. */
@Controller(SignatureFilter.INTERNAL + "/logs")
@ExecuteOn(TaskExecutors.BLOCKING)
final class LiveController {
    private final Followers followers;

    LiveController(Followers followers) {
        this.followers = followers;
    }

    /** 404 where it is not followed here; an empty answer where all before it is stored. */
    @Get("/{id}")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    HttpResponse<?> read(
            @PathVariable long id, @QueryValue long offset, @QueryValue boolean follow) {
        return followers
                .live(id)
                .<HttpResponse<?>>map(log ->
                        HttpResponse.ok(
                                new Pulled<>("live-log", new LiveFrames(log, offset, follow))))
                .orElseGet(HttpResponse::notFound);
    }
}
