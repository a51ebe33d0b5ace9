package io.windlass.web;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.windlass.json.Json;
import io.windlass.service.Pulled;
import io.windlass.store.Jobs;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * Many jobs in one call. A bad line fails that line; a broken database fails what is left, and says
 * so.
 */
@Controller("/api/v1/jobs:batch")
@Produces(MediaType.APPLICATION_JSON)
@ExecuteOn(TaskExecutors.BLOCKING)
final class BatchController {
    private static final String NDJSON = "application/x-ndjson";

    private final Intake intake;
    private final Jobs jobs;
    private final ApiSettings settings;

    BatchController(Intake intake, Jobs jobs, ApiSettings settings) {
        this.intake = intake;
        this.jobs = jobs;
        this.settings = settings;
    }

    @Post
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Submit many jobs",
            description = "An array of at most 10,000 jobs and 16 MiB.")
    @RequestBody(
            content =
                    @Content(
                            array =
                                    @ArraySchema(
                                            schema = @Schema(implementation = JobRequest.class))))
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = JobDocument.BatchResults.class)))
    @Parameter(
            name = JobsController.IDEMPOTENCY_KEY,
            in = ParameterIn.HEADER,
            schema = @Schema(implementation = String.class))
    HttpResponse<?> submit(
            @Parameter(hidden = true) HttpRequest<?> request,
            @Body @Parameter(hidden = true) byte @Nullable [] body) {
        new Query(request, Set.of());
        List<?> items = items(body);
        BatchCall call = new BatchCall(intake, jobs, request);
        List<Map<String, @Nullable Object>> results = new ArrayList<>(items.size());
        for (int from = 0; from < items.size(); from += BatchCall.PER_COMMIT) {
            int to = Math.min(from + BatchCall.PER_COMMIT, items.size());
            List<BatchCall.Line> lines = new ArrayList<>();
            for (int i = from; i < to; i++) {
                lines.add(line(i, items.get(i)));
            }
            results.addAll(call.submit(lines));
        }
        return HttpResponse.ok(Json.write(Map.of("results", results)));
    }

    @Post
    @Consumes(NDJSON)
    @Produces(NDJSON)
    @Operation(
            summary = "Submit a stream of jobs",
            description =
                    "As NDJSON, a job a line, however many; a line of results comes for each, while lines still"
                            + " come in. An index is the number of a line, from 0.")
    @RequestBody(
            content =
                    @Content(
                            mediaType = NDJSON,
                            schema = @Schema(implementation = JobRequest.class)))
    @ApiResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = NDJSON,
                            schema = @Schema(implementation = JobDocument.BatchResult.class)))
    @Parameter(
            name = JobsController.IDEMPOTENCY_KEY,
            in = ParameterIn.HEADER,
            schema = @Schema(implementation = String.class))
    Publisher<byte[]> stream(
            @Parameter(hidden = true) HttpRequest<?> request,
            @Body @Parameter(hidden = true) InputStream body) {
        new Query(request, Set.of());
        return new Pulled<>(
                "batch",
                new NdjsonAnswer(
                        new NdjsonLines(body, settings.maxJobBytes(), BatchCall.PER_COMMIT),
                        new BatchCall(intake, jobs, request)));
    }

    private BatchCall.Line line(int index, @Nullable Object tree) {
        int most = settings.maxJobBytes();
        boolean tooLarge = Json.write(tree).getBytes(StandardCharsets.UTF_8).length > most;
        return new BatchCall.Line(index, tree, tooLarge ? BatchCall.tooLarge(most) : null);
    }

    private List<?> items(byte @Nullable [] body) {
        if (body != null && body.length > settings.maxBatchBytes()) {
            throw tooMany();
        }
        if (!(JobsController.parse(body, settings.maxBatchBytes()) instanceof List<?> items)) {
            throw new ProblemException(Problem.MALFORMED, "the body must be an array of jobs");
        }
        if (items.size() > settings.maxBatchJobs()) {
            throw tooMany();
        }
        return items;
    }

    private ProblemException tooMany() {
        return new ProblemException(
                Problem.TOO_LARGE,
                "an array may have "
                        + settings.maxBatchJobs()
                        + " jobs and "
                        + settings.maxBatchBytes()
                        + " bytes; send more as NDJSON (application/x-ndjson), or in several calls");
    }
}
