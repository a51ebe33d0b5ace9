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
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.windlass.job.JobState;
import io.windlass.job.WaitClass;
import io.windlass.json.Json;
import io.windlass.service.ByteBudget;
import io.windlass.store.JobEndings;
import io.windlass.store.Jobs;
import io.windlass.store.Schedules;
import java.util.List;
import java.util.UUID;

/** Many jobs, newest first, page by page. */
@Controller("/api/v1/jobs")
@Produces(MediaType.APPLICATION_JSON)
@ExecuteOn(TaskExecutors.BLOCKING)
final class JobListController {

    private final Jobs jobs;
    private final Schedules schedules;
    private final JobEndings endings;
    private final ByteBudget budget;
    private final LongAnswers answers;

    JobListController(
            Jobs jobs,
            Schedules schedules,
            JobEndings endings,
            ByteBudget budget,
            LongAnswers answers) {
        this.jobs = jobs;
        this.endings = endings;
        this.budget = budget;
        this.answers = answers;
        this.schedules = schedules;
    }

    @Get
    @Operation(
            summary = "List jobs",
            description =
                    "Newest first; weakly consistent: to follow what happens, read the feed. A page ends before"
                            + " its limit where its jobs are long: next says whether there are more.")
    @Parameter(
            name = "id",
            in = ParameterIn.QUERY,
            description = "one of these; up to 50",
            array = @ArraySchema(schema = @Schema(implementation = UUID.class)))
    @Parameter(
            name = "ending",
            in = ParameterIn.QUERY,
            description =
                    "the last 8 or more characters of the id, among the newest 20,000 jobs that the caller sees",
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "namespace",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "state",
            in = ParameterIn.QUERY,
            array = @ArraySchema(schema = @Schema(implementation = JobState.class)))
    @Parameter(
            name = "label",
            in = ParameterIn.QUERY,
            description = "k:v",
            array = @ArraySchema(schema = @Schema(implementation = String.class)))
    @Parameter(
            name = "name",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "queue",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "schedule",
            in = ParameterIn.QUERY,
            description = "namespace/name, or its id",
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "since",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "until",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "waiting",
            in = ParameterIn.QUERY,
            description = "the class of what they wait for",
            schema = @Schema(implementation = WaitClass.class))
    @Parameter(
            name = "object",
            in = ParameterIn.QUERY,
            description = "what is at fault that they wait, as GET /api/v1/problems names it",
            schema = @Schema(implementation = String.class))
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
            content = @Content(schema = @Schema(implementation = JobDocument.Page.class)))
    HttpResponse<?> list(@Parameter(hidden = true) HttpRequest<?> request) {
        Query query = new Query(request, JobFilters.and("ending", "limit", "cursor"));
        int limit = query.limit();
        Jobs.After after = query.cursor(Cursors::list);
        Jobs.Filter filter = JobFilters.of(query, Callers.of(request), schedules);
        List<Jobs.Found> found = jobs.list(JobFilters.ending(filter, query, endings), after, limit);
        List<Jobs.Found> page = Weights.page(found);
        boolean more = found.size() == limit || page.size() < found.size();
        ByteBudget.Share share = budget.open();
        try {
            share.take(Weights.of(page));
            List<String> items =
                    jobs.each(
                            page.stream().map(Jobs.Found::id).toList(),
                            job -> Json.write(JobTree.listed(job)));
            return answers.of(request, Page.text(items, more ? next(page.getLast()) : null), share);
        } catch (RuntimeException e) {
            share.close();
            throw e;
        }
    }

    private static String next(Jobs.Found last) {
        return Cursors.of(last.place());
    }
}
