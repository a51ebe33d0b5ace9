package io.windlass.web;

import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A pod as it is answered: for the OpenAPI document. {@link PodTrees} makes the same. */
@Introspected
@Schema(name = "Pod")
record PodDocument(
        String name,
        String uid,
        @Schema(description = "the nth pod that ran; null until it does") Integer attempt,
        String phase,
        String node,
        Instant startedAt,
        Integer exitCode,
        String reason,
        String message,
        @Schema(description = "why it has not started: a class of causes") String waitsFor,
        String cause,
        List<Container> containers) {

    /** One of its containers. */
    @Introspected
    @Schema(name = "PodContainer")
    record Container(
            String name,
            Boolean init,
            String image,
            Integer restarts,
            @Schema(description = "where its cluster could be asked") Map<String, Object> state,
            Receipt log) {}

    /** For what was read of its log. */
    @Introspected
    @Schema(name = "LogReceipt")
    record Receipt(
            long bytes,
            long lines,
            @Schema(description = "of all that was read, kept or not; null until it has ended")
                    String sha256,
            @Schema(description = "nothing is missing") boolean complete,
            @Schema(description = "the bytes that are not kept") Map<String, Long> omitted,
            List<Map<String, Object>> lost,
            Instant closedAt,
            @Schema(description = "since when only the receipt is kept") Instant droppedAt,
            String href) {}

    /** All of a job. */
    @Introspected
    @Schema(name = "PodPage")
    record Page(
            List<PodDocument> items,
            @Schema(description = "its cluster could be asked") boolean live) {}
}
