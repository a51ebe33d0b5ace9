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
import io.windlass.job.JobId;
import io.windlass.json.Json;
import io.windlass.store.DatabaseAwayException;
import io.windlass.store.Jobs;
import io.windlass.store.NewJob;
import io.windlass.store.Submissions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Many jobs in one call. A bad line fails that line; a broken database fails what is left, and says
 * so.
 */
@Controller("/api/v1/jobs:batch")
@Produces(MediaType.APPLICATION_JSON)
@ExecuteOn(TaskExecutors.BLOCKING)
final class BatchController {
    private static final int PER_COMMIT = 500;
    private static final String LINE_KEY = "idempotencyKey";

    private final Intake intake;
    private final Jobs jobs;
    private final ApiSettings settings;

    BatchController(Intake intake, Jobs jobs, ApiSettings settings) {
        this.intake = intake;
        this.jobs = jobs;
        this.settings = settings;
    }

    private record Line(int index, NewJob job) {}

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
        Caller caller = Callers.of(request);
        String key = request.getHeaders().get(JobsController.IDEMPOTENCY_KEY);
        if (key != null) {
            Intake.key(key);
        }
        Results results = new Results(items.size());
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            try {
                lines.add(new Line(i, line(items.get(i), i, caller, key, request)));
            } catch (ProblemException e) {
                results.problem(i, e);
            }
        }
        for (int from = 0; from < lines.size(); from += PER_COMMIT) {
            commit(lines.subList(from, Math.min(from + PER_COMMIT, lines.size())), results);
        }
        return HttpResponse.ok(Json.write(Map.of("results", results.inOrder())));
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

    private NewJob line(
            @Nullable Object item,
            int index,
            Caller caller,
            @Nullable String headerKey,
            HttpRequest<?> request) {
        String key = headerKey == null ? null : headerKey + "/" + index;
        if (item instanceof Map<?, ?> map && map.get(LINE_KEY) != null) {
            key = String.valueOf(map.get(LINE_KEY));
        }
        if (Json.write(item).getBytes(StandardCharsets.UTF_8).length > settings.maxJobBytes()) {
            throw new ProblemException(
                    Problem.TOO_LARGE, "a job may have " + settings.maxJobBytes() + " bytes");
        }
        return intake.prepare(
                item,
                new Intake.Context(caller, key, request.getHeaders().get("traceparent"), null),
                Set.of(LINE_KEY));
    }

    private void commit(List<Line> lines, Results results) {
        try {
            List<Submissions.Outcome> outcomes =
                    intake.store(lines.stream().map(Line::job).toList());
            Map<JobId, Jobs.StoredJob> stored =
                    jobs.find(outcomes.stream().map(BatchController::id).toList());
            for (int i = 0; i < lines.size(); i++) {
                results.outcome(lines.get(i).index(), outcomes.get(i), stored);
            }
        } catch (DatabaseAwayException e) {
            ProblemException away =
                    new ProblemException(
                            Problem.DATABASE_AWAY, "the database does not answer; send it again");
            lines.forEach(line -> results.problem(line.index(), away));
        } catch (ProblemException e) {
            lines.forEach(line -> results.problem(line.index(), e));
        }
    }

    private static JobId id(Submissions.Outcome outcome) {
        return switch (outcome) {
            case Submissions.Outcome.Stored stored -> stored.id();
            case Submissions.Outcome.SameAsBefore same -> same.id();
            case Submissions.Outcome.KeyUsedOtherwise other -> other.id();
        };
    }

    /** What became of each line, in the order of the lines. */
    private static final class Results {
        private final List<Map<String, @Nullable Object>> results;

        Results(int size) {
            results = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                results.add(Map.of());
            }
        }

        void outcome(int index, Submissions.Outcome outcome, Map<JobId, Jobs.StoredJob> stored) {
            switch (outcome) {
                case Submissions.Outcome.Stored made -> job(index, 202, stored.get(made.id()));
                case Submissions.Outcome.SameAsBefore same ->
                        job(index, 200, stored.get(same.id()));
                case Submissions.Outcome.KeyUsedOtherwise other ->
                        problem(index, JobsController.keyUsed(other.id()));
            }
        }

        private void job(int index, int status, Jobs.@Nullable StoredJob job) {
            Map<String, @Nullable Object> result = result(index, status);
            result.put("job", job == null ? null : JobTree.listed(job));
            results.set(index, result);
        }

        void problem(int index, ProblemException e) {
            Map<String, @Nullable Object> result = result(index, e.problem().status().getCode());
            result.put("problem", e.tree());
            results.set(index, result);
        }

        private static Map<String, @Nullable Object> result(int index, int status) {
            Map<String, @Nullable Object> result = new LinkedHashMap<>();
            result.put("index", index);
            result.put("status", status);
            return result;
        }

        List<Map<String, @Nullable Object>> inOrder() {
            return results;
        }
    }
}
