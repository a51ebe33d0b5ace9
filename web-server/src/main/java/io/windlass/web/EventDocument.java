package io.windlass.web;

import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A line of history: for the OpenAPI document. */
@Introspected
@Schema(name = "Event")
record EventDocument(
        String cursor,
        UUID jobId,
        int version,
        Instant at,
        String from,
        String to,
        String reason,
        String message,
        String source,
        Evidence evidence) {

    /** Which object showed it. */
    @Introspected
    @Schema(name = "Evidence")
    record Evidence(String kind, String name, String uid, String resourceVersion, String raw) {}

    /** Some events, and how to go on. */
    @Introspected
    @Schema(name = "EventPage")
    record Page(List<EventDocument> items, String next) {}
}
