package io.windlass.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
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
import io.windlass.job.JobId;
import io.windlass.json.Json;
import io.windlass.store.EventFeed;
import io.windlass.store.Jobs;
import io.windlass.store.NewJob;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One job at a time: submit, read, wait, cancel, run again, and its history. */
@Controller("/api/v1/jobs")
@Produces(MediaType.APPLICATION_JSON)
@ExecuteOn(TaskExecutors.BLOCKING)
final class JobsController {
    static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final int MOST_EVENTS = 500;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final Intake intake;
    private final JobAnswers answers;
    private final Jobs jobs;
    private final EventFeed feed;
    private final Cancellations cancellations;
    private final Endings endings;
    private final ApiSettings settings;
    private final Arrivals arrivals;

    JobsController(
            Intake intake,
            JobAnswers answers,
            Jobs jobs,
            EventFeed feed,
            Cancellations cancellations,
            Endings endings,
            ApiSettings settings,
            Arrivals arrivals) {
        this.intake = intake;
        this.answers = answers;
        this.jobs = jobs;
        this.feed = feed;
        this.cancellations = cancellations;
        this.endings = endings;
        this.settings = settings;
        this.arrivals = arrivals;
    }

    @Post
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Submit a job",
            description = "202 after the commit; with a known Idempotency-Key the job of before.")
    @RequestBody(content = @Content(schema = @Schema(implementation = JobRequest.class)))
    @ApiResponse(
            responseCode = "202",
            content = @Content(schema = @Schema(implementation = JobDocument.class)))
    @Parameter(
            name = IDEMPOTENCY_KEY,
            in = ParameterIn.HEADER,
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "dryRun",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = Boolean.class))
    HttpResponse<?> submit(
            @Parameter(hidden = true) HttpRequest<?> request,
            @Body @Parameter(hidden = true) @Nullable InputStream body) {
        try (Received received = arrivals.receive(body, settings.maxJobBytes())) {
            Query query = new Query(request, Set.of("dryRun"));
            NewJob job = intake.prepare(received.tree(), context(request, null), Set.of());
            if (query.flag("dryRun")) {
                return HttpResponse.ok(Json.write(intake.manifest(job)));
            }
            return answers.submitted(job);
        }
    }

    static Intake.Context context(HttpRequest<?> request, @Nullable UUID rerunOf) {
        return new Intake.Context(
                Callers.of(request),
                request.getHeaders().get(IDEMPOTENCY_KEY),
                TraceFilter.traceparent(request),
                rerunOf);
    }

    @Get("/{id}")
    @Operation(summary = "Read a job, and wait for its end if asked to")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = JobDocument.class)))
    @Parameter(
            name = "wait",
            in = ParameterIn.QUERY,
            description = "up to 60s",
            schema = @Schema(implementation = String.class))
    HttpResponse<?> get(@Parameter(hidden = true) HttpRequest<?> request, @PathVariable String id) {
        Query query = new Query(request, Set.of("wait"));
        Duration wait = query.duration("wait", LONGEST_WAIT).orElse(Duration.ZERO);
        Jobs.StoredJob job = answers.visible(request, id);
        if (!wait.isZero() && !job.progress().state().terminal()) {
            job = awaitEnd(job.id(), wait);
        }
        String etag = JobAnswers.etag(job.version());
        return etag.equals(request.getHeaders().get(HttpHeaders.IF_NONE_MATCH))
                ? HttpResponse.notModified().header(HttpHeaders.ETAG, etag)
                : JobAnswers.job(HttpStatus.OK, job);
    }

    private Jobs.StoredJob awaitEnd(JobId id, Duration wait) {
        try (Endings.Waiter waiter = endings.waiter(id)) {
            Jobs.StoredJob now = jobs.find(id).orElseThrow();
            if (!now.progress().state().terminal()) {
                waiter.await(wait);
                now = jobs.find(id).orElseThrow();
            }
            return now;
        }
    }

    @Post("/{id}/cancel")
    @Consumes(MediaType.ALL)
    @Operation(summary = "Cancel a job")
    @ApiResponse(
            responseCode = "202",
            content = @Content(schema = @Schema(implementation = JobDocument.class)))
    HttpResponse<?> cancel(
            @Parameter(hidden = true) HttpRequest<?> request, @PathVariable String id) {
        JobId job = answers.visible(request, id).id();
        boolean under =
                cancellations.cancel(
                        job, Callers.of(request).name(), TraceFilter.traceparent(request));
        return JobAnswers.job(
                under ? HttpStatus.ACCEPTED : HttpStatus.OK, jobs.find(job).orElseThrow());
    }

    @Delete("/{id}")
    @Operation(summary = "Cancel a job")
    @ApiResponse(
            responseCode = "202",
            content = @Content(schema = @Schema(implementation = JobDocument.class)))
    HttpResponse<?> delete(
            @Parameter(hidden = true) HttpRequest<?> request, @PathVariable String id) {
        return cancel(request, id);
    }

    @Post("/{id}/rerun")
    @Consumes(MediaType.ALL)
    @Operation(summary = "A new job from the same spec")
    @ApiResponse(
            responseCode = "202",
            content = @Content(schema = @Schema(implementation = JobDocument.class)))
    HttpResponse<?> rerun(
            @Parameter(hidden = true) HttpRequest<?> request, @PathVariable String id) {
        Jobs.StoredJob before = answers.visible(request, id);
        if (before.unreadable() != null) {
            throw JobAnswers.unreadable(before);
        }
        NewJob job = intake.prepare(before.spec(), context(request, before.id().value()), Set.of());
        return answers.submitted(job);
    }

    @Get("/{id}/events")
    @Operation(summary = "Everything that happened to a job, with the evidence")
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            description = "500 where it is not given, and at most",
            schema = @Schema(implementation = Integer.class))
    @Parameter(
            name = "cursor",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = String.class))
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = EventDocument.Page.class)))
    HttpResponse<?> events(
            @Parameter(hidden = true) HttpRequest<?> request, @PathVariable String id) {
        Query query = new Query(request, Set.of("limit", "cursor"));
        int limit = query.number("limit", MOST_EVENTS, 1, MOST_EVENTS);
        Integer after = query.cursor(Cursors::version);
        JobId job = answers.visible(request, id).id();
        return Page.of(
                feed.ofJob(job, after == null ? 0 : after, limit),
                limit,
                JobTree::event,
                event -> Cursors.of(event.version()));
    }
}
