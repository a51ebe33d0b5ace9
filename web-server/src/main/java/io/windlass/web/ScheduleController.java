package io.windlass.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Put;
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
import io.windlass.job.FieldError;
import io.windlass.json.Json;
import io.windlass.schedule.ScheduleReader;
import io.windlass.service.ByteBudget;
import io.windlass.store.Schedules;
import io.windlass.store.Schedules.StoredSchedule;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Schedules: made, read, replaced and deleted. */
@Controller("/api/v1/schedules")
@Produces(MediaType.APPLICATION_JSON)
@ExecuteOn(TaskExecutors.BLOCKING)
final class ScheduleController {

    private static final int AT_ONCE = 16;

    private final ScheduleDesk desk;
    private final ScheduleAnswers answers;
    private final Schedules schedules;
    private final ApiSettings settings;
    private final Arrivals arrivals;
    private final LongAnswers longAnswers;

    ScheduleController(
            ScheduleDesk desk,
            ScheduleAnswers answers,
            Schedules schedules,
            ApiSettings settings,
            Arrivals arrivals,
            LongAnswers longAnswers) {
        this.desk = desk;
        this.answers = answers;
        this.schedules = schedules;
        this.settings = settings;
        this.arrivals = arrivals;
        this.longAnswers = longAnswers;
    }

    @Post
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Make a schedule")
    @RequestBody(content = @Content(schema = @Schema(implementation = ScheduleRequest.class)))
    @ApiResponse(
            responseCode = "201",
            content = @Content(schema = @Schema(implementation = ScheduleDocument.class)))
    HttpResponse<?> create(
            @Parameter(hidden = true) HttpRequest<?> request,
            @Body @Parameter(hidden = true) @Nullable InputStream body) {
        Caller caller = Callers.of(request);
        try (Received received = arrivals.receive(body, settings.maxJobBytes())) {
            return create(received.tree(), caller);
        }
    }

    private HttpResponse<?> create(@Nullable Object tree, Caller caller) {
        ScheduleReader.Result.Read read = desk.checked(tree, caller);
        String namespace = read.schedule().namespace();
        String name = read.schedule().name();
        if (!desk.create(read.schedule(), caller)) {
            throw new ProblemException(
                    Problem.SCHEDULE_EXISTS,
                    "there is a schedule " + read.schedule().identity() + ": PUT replaces it");
        }
        return created(desk.visible(caller, namespace, name));
    }

    private HttpResponse<?> created(StoredSchedule stored) {
        return schedule(HttpStatus.CREATED, stored)
                .header(
                        HttpHeaders.LOCATION,
                        ScheduleAnswers.path(stored.namespace(), stored.name()));
    }

    private MutableHttpResponse<?> schedule(HttpStatus status, StoredSchedule stored) {
        return HttpResponse.status(status)
                .body(Json.write(answers.whole(stored)))
                .header(HttpHeaders.ETAG, JobAnswers.etag(stored.version()));
    }

    @Get
    @Operation(summary = "List schedules", description = "In the order of their names.")
    @Parameter(
            name = "namespace",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "set",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "label",
            in = ParameterIn.QUERY,
            description = "k:v",
            array = @ArraySchema(schema = @Schema(implementation = String.class)))
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
            content = @Content(schema = @Schema(implementation = ScheduleDocument.Page.class)))
    HttpResponse<?> list(@Parameter(hidden = true) HttpRequest<?> request) {
        Query query = new Query(request, Set.of("namespace", "set", "label", "limit", "cursor"));
        int limit = query.limit();
        Schedules.Filter filter =
                new Schedules.Filter(
                        JobFilters.namespaces(query, Callers.of(request)),
                        query.text("set").orElse(null),
                        JobFilters.labels(query));
        ByteBudget.Share share = arrivals.open();
        try {
            byte[] page = page(filter, query.cursor(Cursors::schedules), limit, share);
            return longAnswers.of(request, page, share);
        } catch (RuntimeException e) {
            share.close();
            throw e;
        }
    }

    /** Few are read at once: each may be as long as a job. */
    private byte[] page(
            Schedules.Filter filter,
            Schedules.@Nullable After from,
            int limit,
            ByteBudget.Share share) {
        List<String> items = new ArrayList<>();
        Schedules.After after = from;
        boolean more = true;
        long bytes = 0;
        share.take(AT_ONCE * Weights.USUAL_SCHEDULE);
        while (more && items.size() < limit && bytes < Weights.MOST_TEXT) {
            int most = Math.min(AT_ONCE, limit - items.size());
            List<StoredSchedule> some = schedules.list(filter, after, most);
            for (StoredSchedule one : some) {
                String text = Json.write(answers.listed(one));
                share.take(2L * text.length());
                bytes += text.length();
                items.add(text);
                after = new Schedules.After(one.namespace(), one.name());
            }
            more = some.size() == most;
        }
        return Page.text(items, more && after != null ? Cursors.of(after) : null);
    }

    @Get("/{namespace}/{name}")
    @Operation(summary = "Read a schedule")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = ScheduleDocument.class)))
    HttpResponse<?> get(
            @Parameter(hidden = true) HttpRequest<?> request,
            @PathVariable String namespace,
            @PathVariable String name) {
        return schedule(HttpStatus.OK, desk.visible(Callers.of(request), namespace, name));
    }

    @Put("/{namespace}/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Make a schedule, or put another in its place",
            description =
                    "Instants that have come are accounted for by the schedule as it was. Where the body does not say"
                            + " paused, it stays as it is. With If-Match only what is as it was read.")
    @RequestBody(content = @Content(schema = @Schema(implementation = ScheduleRequest.class)))
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = ScheduleDocument.class)))
    @ApiResponse(
            responseCode = "201",
            content = @Content(schema = @Schema(implementation = ScheduleDocument.class)))
    @Parameter(
            name = "If-Match",
            in = ParameterIn.HEADER,
            schema = @Schema(implementation = String.class))
    HttpResponse<?> put(
            @Parameter(hidden = true) HttpRequest<?> request,
            @PathVariable String namespace,
            @PathVariable String name,
            @Body @Parameter(hidden = true) @Nullable InputStream body) {
        Caller caller = Callers.of(request);
        String match = request.getHeaders().get(HttpHeaders.IF_MATCH);
        try (Received received = arrivals.receive(body, settings.maxJobBytes())) {
            return put(received.tree(), caller, namespace, name, match);
        }
    }

    private HttpResponse<?> put(
            @Nullable Object tree,
            Caller caller,
            String namespace,
            String name,
            @Nullable String match) {
        boolean saysPaused = tree instanceof Map<?, ?> map && map.get("paused") != null;
        ScheduleReader.Result.Read read = desk.checked(named(tree, namespace, name), caller);
        Optional<StoredSchedule> there = schedules.find(namespace, name);
        if (match != null
                && there.filter(s -> match.equals(JobAnswers.etag(s.version()))).isEmpty()) {
            throw new ProblemException(
                    Problem.NOT_AS_EXPECTED, "the schedule is not as it was: read it again");
        }
        if (there.isPresent()) {
            StoredSchedule stored = there.get();
            return schedule(
                    HttpStatus.OK,
                    desk.replace(
                            stored,
                            saysPaused ? read.schedule() : read.schedule().paused(stored.paused()),
                            read.calendar(),
                            caller));
        }
        if (!desk.create(read.schedule(), caller)) {
            throw new ProblemException(
                    Problem.CHANGED_MEANWHILE, "a schedule of that name was made meanwhile");
        }
        return created(desk.visible(caller, namespace, name));
    }

    /** The path says who it is; the body may say the same. */
    private static @Nullable Object named(@Nullable Object tree, String namespace, String name) {
        if (!(tree instanceof Map<?, ?> map)) {
            return tree;
        }
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        map.forEach((key, value) -> out.put(String.valueOf(key), value));
        Map.of("namespace", namespace, "name", name)
                .forEach((field, said) -> {
                    Object there = out.putIfAbsent(field, said);
                    if (there != null && !there.equals(said)) {
                        throw ProblemException.invalid(
                                List.of(
                                        new FieldError(
                                                "/" + field, "must be as in the path: " + said)));
                    }
                });
        return out;
    }

    @Delete("/{namespace}/{name}")
    @Operation(
            summary = "Delete a schedule, and its ledger",
            description = "The jobs that it made stay, and those that run go on.")
    @ApiResponse(responseCode = "204")
    HttpResponse<?> delete(
            @Parameter(hidden = true) HttpRequest<?> request,
            @PathVariable String namespace,
            @PathVariable String name) {
        schedules.delete(desk.visible(Callers.of(request), namespace, name).id());
        return HttpResponse.noContent();
    }
}
