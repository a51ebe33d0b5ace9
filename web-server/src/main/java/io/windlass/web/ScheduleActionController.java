package io.windlass.web;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.windlass.json.Json;
import io.windlass.schedule.ScheduleReader;
import io.windlass.store.Ledger;
import io.windlass.store.Schedules.StoredSchedule;
import java.io.InputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is done with a schedule, and what became and becomes of its instants. */
@Controller("/api/v1/schedules/{namespace}/{name}")
@Produces(MediaType.APPLICATION_JSON)
@ExecuteOn(TaskExecutors.BLOCKING)
final class ScheduleActionController {
    private static final int FURTHEST = 1_000;
    private static final int USUALLY_PLANNED = 10;

    private final ScheduleDesk desk;
    private final ScheduleAnswers answers;
    private final Ledger ledger;
    private final Intake intake;
    private final JobAnswers jobs;
    private final ApiSettings settings;
    private final Arrivals arrivals;

    ScheduleActionController(
            ScheduleDesk desk,
            ScheduleAnswers answers,
            Ledger ledger,
            Intake intake,
            JobAnswers jobs,
            ApiSettings settings,
            Arrivals arrivals) {
        this.desk = desk;
        this.answers = answers;
        this.ledger = ledger;
        this.intake = intake;
        this.jobs = jobs;
        this.settings = settings;
        this.arrivals = arrivals;
    }

    @Post("/pause")
    @Consumes(MediaType.ALL)
    @Operation(summary = "Skip all instants from now on")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = ScheduleDocument.class)))
    HttpResponse<?> pause(
            @Parameter(hidden = true) HttpRequest<?> request,
            @PathVariable String namespace,
            @PathVariable String name) {
        return paused(request, namespace, name, true);
    }

    @Post("/resume")
    @Consumes(MediaType.ALL)
    @Operation(summary = "Go on with the next instant; what came meanwhile stays skipped")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = ScheduleDocument.class)))
    HttpResponse<?> resume(
            @Parameter(hidden = true) HttpRequest<?> request,
            @PathVariable String namespace,
            @PathVariable String name) {
        return paused(request, namespace, name, false);
    }

    private HttpResponse<?> paused(
            HttpRequest<?> request, String namespace, String name, boolean paused) {
        return HttpResponse.ok(
                Json.write(
                        answers.whole(desk.paused(Callers.of(request), namespace, name, paused))));
    }

    @Post("/run")
    @Consumes(MediaType.ALL)
    @Operation(
            summary = "Run it now, besides its instants",
            description =
                    "Also while it is paused. Fields of job in the body replace those of the schedule, null takes them"
                            + " away; variables and labels are replaced one by one.")
    @RequestBody(
            required = false,
            content = @Content(schema = @Schema(implementation = ScheduleRequest.Run.class)))
    @ApiResponse(
            responseCode = "202",
            content = @Content(schema = @Schema(implementation = JobDocument.class)))
    @Parameter(
            name = JobsController.IDEMPOTENCY_KEY,
            in = ParameterIn.HEADER,
            schema = @Schema(implementation = String.class))
    HttpResponse<?> run(
            @Parameter(hidden = true) HttpRequest<?> request,
            @PathVariable String namespace,
            @PathVariable String name,
            @Body @Parameter(hidden = true) @Nullable InputStream body) {
        try (Received received = arrivals.receive(body, settings.maxJobBytes())) {
            StoredSchedule stored = desk.visible(Callers.of(request), namespace, name);
            return run(request, stored, received.isEmpty() ? Map.of() : received.tree());
        }
    }

    private HttpResponse<?> run(
            HttpRequest<?> request, StoredSchedule stored, @Nullable Object said) {
        Map<String, @Nullable Object> received = new LinkedHashMap<>();
        received.put("schedule", stored.namespace() + "/" + stored.name());
        received.put("overrides", said);
        return jobs.submitted(
                intake.prepareRun(
                        RunOverrides.on(stored.definition().get("job"), said),
                        received,
                        JobsController.context(request, null),
                        stored.id()));
    }

    @Get("/runs")
    @Operation(
            summary = "The ledger: what became of each planned instant, the latest first",
            description = "Instants in a row that have one reason may be one line, with a count.")
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = Integer.class))
    @Parameter(
            name = "cursor",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = String.class))
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = ScheduleDocument.Runs.class)))
    HttpResponse<?> runs(
            @Parameter(hidden = true) HttpRequest<?> request,
            @PathVariable String namespace,
            @PathVariable String name) {
        Query query = new Query(request, Set.of("limit", "cursor"));
        int limit = query.limit();
        StoredSchedule stored = desk.visible(Callers.of(request), namespace, name);
        List<Ledger.Run> page = ledger.runs(stored.id(), query.cursor(Cursors::runs), limit);
        return Page.of(page, limit, ScheduleAnswers::run, run -> Cursors.of(run.plannedAt()));
    }

    @Get("/preview")
    @Operation(
            summary = "The next instants, in UTC and in local time",
            description = "As planned, whether it is paused or not.")
    @Parameter(
            name = "next",
            in = ParameterIn.QUERY,
            description = "how many, up to 1000",
            schema = @Schema(implementation = Integer.class))
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = ScheduleDocument.Preview.class)))
    HttpResponse<?> preview(
            @Parameter(hidden = true) HttpRequest<?> request,
            @PathVariable String namespace,
            @PathVariable String name) {
        Query query = new Query(request, Set.of("next"));
        int next = query.number("next", USUALLY_PLANNED, 1, FURTHEST);
        ScheduleReader.Result.Read read =
                desk.readable(desk.visible(Callers.of(request), namespace, name));
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("timeZone", read.schedule().when().timeZone());
        answer.put("paused", read.schedule().paused());
        answer.put("items", ScheduleAnswers.planned(read.calendar(), Instant.now(), next));
        return HttpResponse.ok(Json.write(answer));
    }
}
