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
import io.windlass.json.JsonArray;
import io.windlass.json.JsonBounds;
import io.windlass.json.JsonSyntaxException;
import io.windlass.service.Pulled;
import io.windlass.store.Jobs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    private static final byte[] START = "{\"results\":[".getBytes(StandardCharsets.UTF_8);
    private static final byte[] END = "]}".getBytes(StandardCharsets.UTF_8);

    private final Intake intake;
    private final Jobs jobs;
    private final ApiSettings settings;
    private final Arrivals arrivals;
    private final OpenBatches batches;
    private final LongAnswers answers;

    BatchController(
            Intake intake,
            Jobs jobs,
            ApiSettings settings,
            Arrivals arrivals,
            OpenBatches batches,
            LongAnswers answers) {
        this.intake = intake;
        this.jobs = jobs;
        this.settings = settings;
        this.arrivals = arrivals;
        this.batches = batches;
        this.answers = answers;
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
            @Body @Parameter(hidden = true) @Nullable InputStream body) {
        Received received = arrivals.receive(body, settings.maxBatchBytes());
        try (OpenBatches.Open _ = batches.take(Callers.of(request).name())) {
            new Query(request, Set.of());
            byte[] results = results(new BatchCall(intake, jobs, request), received);
            return answers.of(request, results, received.share());
        } catch (RuntimeException e) {
            received.close();
            throw e;
        }
    }

    private byte[] results(BatchCall call, Received received) {
        byte[] text = text(received);
        ByteArrayOutputStream results = new ByteArrayOutputStream();
        results.writeBytes(START);
        try (JsonArray items = JsonArray.of(text, bounds())) {
            int count = 0;
            List<BatchCall.Line> lines = portion(items, 0);
            while (!lines.isEmpty()) {
                for (String result : call.submit(lines)) {
                    results.write(count++ == 0 ? ' ' : ',');
                    results.writeBytes(result.getBytes(StandardCharsets.UTF_8));
                }
                lines = portion(items, count);
            }
        }
        results.writeBytes(END);
        return results.toByteArray();
    }

    private JsonBounds bounds() {
        return JsonBounds.ofBytes(settings.maxJobBytes());
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
            @Body @Parameter(hidden = true) InputStream body)
            throws IOException {
        try {
            return new Pulled<>("batch", answer(request, body));
        } catch (RuntimeException e) {
            // what is neither read nor dropped holds up whoever still sends it
            body.close();
            throw e;
        }
    }

    private NdjsonAnswer answer(HttpRequest<?> request, InputStream body) {
        new Query(request, Set.of());
        BatchCall call = new BatchCall(intake, jobs, request);
        OpenBatches.Open place = batches.takeForStream(Callers.of(request).name());
        NdjsonLines lines =
                new NdjsonLines(body, settings.maxJobBytes(), BatchCall.PER_COMMIT, arrivals);
        return new NdjsonAnswer(lines, call, place);
    }

    private List<BatchCall.Line> portion(JsonArray items, int from) {
        List<BatchCall.Line> lines = new ArrayList<>();
        long weight = 0;
        Optional<JsonArray.Item> item = items.next();
        while (item.isPresent()) {
            lines.add(line(from + lines.size(), item.get()));
            weight += Weights.of(item.get());
            boolean full = lines.size() == BatchCall.PER_COMMIT || weight >= Weights.MOST_PORTION;
            item = full ? Optional.empty() : items.next();
        }
        return lines;
    }

    private BatchCall.Line line(int index, JsonArray.Item item) {
        int most = settings.maxJobBytes();
        if (item.bytes() > most) {
            return new BatchCall.Line(index, null, BatchCall.tooLarge(most));
        }
        return new BatchCall.Line(
                index,
                item.tree(),
                item.refused().isEmpty() ? null : Bodies.refused(item.refused()));
    }

    /** Looked through once before the first job is stored: an array that breaks off stores none. */
    private byte[] text(Received received) {
        byte[] text = Bodies.present(received.text(), settings.maxBatchBytes());
        try {
            int items =
                    JsonArray.size(text)
                            .orElseThrow(() ->
                                    new ProblemException(
                                            Problem.MALFORMED,
                                            "the body must be an array of jobs"));
            if (items > settings.maxBatchJobs()) {
                throw tooMany();
            }
            received.share().take(Weights.ofBatch(text, items));
            return text;
        } catch (JsonSyntaxException e) {
            throw Bodies.malformed(e);
        }
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
